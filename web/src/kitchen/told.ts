import { toasts } from "../lib/toast.svelte";
import { say } from "../lib/words/kitchen";
import type { Done } from "./pass.svelte";
import type { Screen } from "./screen.svelte";

// What hands do on tickets and orders, told at the lower edge with the way back.

/** How long the way back is offered, in seconds. */
const seconds = 8;

function offer(text: string, undo: () => void): void {
  toasts.show(text, { tone: "good", seconds, action: { label: say("toast.undo"), run: undo } });
}

/** Sends the order to the kitchen that has waited longest for staff. */
export function accept({ board, presses }: Screen): void {
  const order = board.waiting.find((o) => !presses.decided(o.id));
  if (!order) return void toasts.show(say("waiting.none"));
  presses.press({ type: "accept", order: order.id });
  toasts.show(say("waiting.accepted", { number: order.number }), { tone: "good" });
}

/** Fires a held ticket. */
export function fire(screen: Screen, id: string, number: string): void {
  screen.desk.fire(id);
  offer(say("held.fired", { number }), () => screen.desk.fire(id, true));
}

/** Holds a ticket back, or says why not. */
export function hold(screen: Screen, id: string | undefined): void {
  const ticket = id === undefined ? undefined : screen.desk.ticket(id);
  if (!ticket) toasts.show(say("held.choose"));
  else if (!screen.desk.hold(ticket.id)) toasts.show(say("held.cannot"));
  else offer(say("held.held", { number: ticket.number }), () => screen.desk.fire(ticket.id));
}

/** Puts a ticket before the others, or takes that back. */
export function rush(screen: Screen, id: string | undefined): void {
  const ticket = id === undefined ? undefined : screen.desk.ticket(id);
  if (!ticket) return void toasts.show(say("held.choose"));
  rushed(screen.desk.rush(ticket.id), ticket.number, () => screen.desk.rush(ticket.id));
}

/** Puts an order before the others, or takes that back. */
export function rushOrder(screen: Screen, id: string | undefined): void {
  const card = screen.pass.card(id);
  if (card) rushed(screen.pass.rush(card.id), card.order.number, () => screen.pass.rush(card.id));
}

function rushed(did: boolean | undefined, number: string, undo: () => void): void {
  if (did === undefined) toasts.show(say("rush.cannot"));
  else offer(say(did ? "rush.did" : "rush.undid", { number }), undo);
}

/** Fires what an order has next. */
export function fireNext(screen: Screen, id: string | undefined): void {
  const done = screen.pass.fireNext(id);
  if (done) offer(say("held.fired", { number: done.card.order.number }), done.undo);
}

/** Tells what was served. */
export function served(done: Done | undefined): void {
  if (done) offer(say("expo.didServe", { number: done.card.order.number }), done.undo);
}

/** Takes back what was served last on this screen. */
export function takeBack(screen: Screen): void {
  const number = screen.pass.takeBackLast();
  toasts.show(number === undefined ? say("expo.nothing") : say("expo.undone", { number }));
}
