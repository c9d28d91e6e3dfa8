import type { KitchenOrder } from "./wire";

/** The dialog that lies over the tickets. */
export type Panel =
  | { kind: "recall" | "totals" | "settings" | "stations" | "ready" | "sift" | "keys" | "help" }
  | { kind: "stock"; dish?: string }
  | { kind: "reject"; order: KitchenOrder };
