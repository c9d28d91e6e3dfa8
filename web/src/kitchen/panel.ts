import type { KitchenOrder } from "./wire";

/** The dialog that lies over the tickets. */
export type Panel =
  | { kind: "recall" | "totals" | "stock" | "settings" | "stations" | "ready" }
  | { kind: "reject"; order: KitchenOrder };
