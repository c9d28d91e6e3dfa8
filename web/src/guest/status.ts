import type { GuestOrder } from "../lib/types";

/** Nothing more will happen to it. */
export function over(order: Pick<GuestOrder, "state">): boolean {
  return order.state === "completed" || order.state === "rejected" || order.state === "cancelled";
}
