import type { IconName } from "../lib/icons";

/** The sections of the owner's page, in their order. */
export const sectionNames = [
  "overview",
  "floor",
  "kitchen",
  "tables",
  "menu",
  "stock",
  "people",
  "screens",
] as const;
export type Section = (typeof sectionNames)[number];

export const sectionIcons: Readonly<Record<Section, IconName>> = {
  overview: "home",
  floor: "bell",
  kitchen: "chef",
  tables: "table",
  menu: "cutlery",
  stock: "ban",
  people: "user",
  screens: "screen",
};

/** The section an address names; anything unknown is the overview. */
export function sectionOf(hash: string): Section {
  return sectionNames.find((name) => hash === `#${name}`) ?? "overview";
}
