import type { KitchenOrder, Ticket } from "./wire";

/** The dialog that lies over the tickets. */
export type Panel =
  | { kind: "recall" | "totals" | "settings" | "stations" | "ready" | "sift" | "keys" | "help" }
  | { kind: "held" | "pace" | "load" }
  | { kind: "stock"; dish?: string }
  | { kind: "reject"; order: KitchenOrder }
  | { kind: "remake"; ticket: Ticket }
  /** More about a ticket, or about an order at the pass. */
  | { kind: "more"; ticket: string }
  | { kind: "order"; order: string };
