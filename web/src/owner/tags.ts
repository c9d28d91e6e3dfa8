import type { components } from "../api";

type Schemas = components["schemas"];

export type Tags = Schemas["OwnerTags"];
export type OwnedTag = Schemas["OwnerTag"];
export type Tag = Schemas["Tag"];
export type Provision = Schemas["Provision"];
export type Order = Omit<Schemas["ProvisionOrder"], "$schema">;
export type Press = Schemas["PressBody"]["press"];
export type Trouble = Schemas["TagTrouble"];

/** How a tag stands. */
export type TagState = "live" | "lost" | "replaced" | "erased" | "retired";

export function stateOf(tag: Tag): TagState {
  if (!tag.retired) return "live";
  if (tag.erased) return "erased";
  if (tag.lost) return "lost";
  return tag.replaced ? "replaced" : "retired";
}

/** The troubles there are words for; the device's own sentence serves for the rest. */
export const troubles = [
  "phone",
  "random_id",
  "lrp",
  "not_genuine",
  "foreign",
  "locked",
  "used_up",
  "delay",
  "no_password",
  "protected",
  "too_long",
  "unsupported",
  "keys",
  "swapped",
  "torn",
  "busy",
  "stuck",
  "mismatch",
  "reader_gone",
] as const;
export type KnownTrouble = (typeof troubles)[number];

export function knownTrouble(code: string): KnownTrouble | undefined {
  return troubles.find((t) => t === code);
}

/** What happened to a tag, as its history names it. */
export const deeds = [
  "enrolled",
  "written",
  "provisioned",
  "moved",
  "replaced",
  "lost",
  "found",
  "retired",
  "erased",
] as const;

export function deedOf(what: string): (typeof deeds)[number] | undefined {
  return deeds.find((d) => what === `tag.${d}`);
}

/** The tables of a walk that have no tag yet, or all of them. */
export function needing(
  tables: readonly { table: { id: string; retired?: boolean }; tags: readonly Tag[] }[],
  again: boolean,
): string[] {
  return tables
    .filter((t) => !t.table.retired && (again || !t.tags.some((tag) => tag.kind === "table")))
    .map((t) => t.table.id);
}
