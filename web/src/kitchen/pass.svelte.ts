import type { Board } from "./board.svelte";
import { cardOf, isReady, sortCards, type Card, type Part } from "./cards";
import { gap, undoFor, type Desk } from "./desk.svelte";
import { flow, hidden, neighbour, pages, type Measured } from "./pages";
import type { Prefs } from "./prefs.svelte";
import type { Presses } from "./presses.svelte";

/** What was served of an order in one go, to take it back. */
export interface Served {
  order: string;
  number: string;
  tickets: readonly string[];
}

/** What the pass did with an order as a whole, to be told and taken back. */
export interface Done {
  card: Card;
  undo: () => void;
}

/** Pass is what stands where the parts of orders come together: one card per order, laid into columns and pages. */
export class Pass {
  page = $state(0);
  /** The selected card and, while one goes through its parts by key, the ticket of one of them. */
  selected = $state<string>();
  part = $state<string>();
  /** What was served last by hand on this screen, the last one at the end. */
  served = $state.raw<readonly Served[]>([]);
  // Cards that were served by touch keep their place for a moment: nothing moves under the finger, and a second touch
  // undoes.
  #lingering = $state.raw<ReadonlyMap<string, { card: Card; until: number }>>(new Map());
  #measured = $state.raw<ReadonlyMap<string, Measured & { face: string }>>(new Map());
  #announced: Set<string> | undefined;

  #board: Board;
  #presses: Presses;
  #desk: Desk;
  #prefs: Prefs;

  constructor(board: Board, presses: Presses, desk: Desk, prefs: Prefs) {
    this.#board = board;
    this.#presses = presses;
    this.#desk = desk;
    this.#prefs = prefs;
  }

  /** Every order that is not on the table, as it will be once each press has arrived, sorted; lingering ones among them. */
  cards = $derived.by(() => {
    const cards = this.#board.underWay.flatMap((order) => {
      if (this.#lingering.has(order.id)) return [];
      const tickets = this.#board.ticketsOf(order).map((t) => this.#presses.expected(t));
      return cardOf(order, tickets, this.#board.stations) ?? [];
    });
    const lingering = [...this.#lingering.values()].map(({ card }) => card);
    return sortCards([...cards, ...lingering], this.#prefs.passOrder);
  });

  #pieces = $derived.by(() =>
    flow(
      this.cards.map((c) => this.#measured.get(c.id) ?? guessed(c)),
      { height: this.#desk.area.height, gap },
    ),
  );
  /** The cards whose size is not known as they are now. */
  unmeasured = $derived.by(() => this.cards.filter((c) => this.#measured.get(c.id)?.face !== this.#face(c)));
  pages = $derived.by(() => pages(this.#pieces, this.#desk.columns));
  shownPage = $derived(Math.min(this.page, this.pages.length - 1));
  pieces = $derived(this.pages[this.shownPage]!);
  /** The orders that stand on other pages. */
  hidden = $derived(hidden(this.#pieces, this.pieces));

  card(id: string | undefined): Card | undefined {
    return this.cards.find((c) => c.id === id);
  }

  lingers(id: string): boolean {
    return this.#lingering.has(id);
  }

  /** Takes the sizes of unmeasured cards as the browser drew them; cards that are gone are forgotten. */
  measure(sizes: readonly Measured[]): void {
    const all = new Map(this.#measured);
    for (const size of sizes) {
      const card = this.card(size.id);
      if (card) all.set(size.id, { ...size, face: this.#face(card) });
    }
    for (const id of all.keys()) if (!this.card(id)) all.delete(id);
    this.#measured = all;
  }

  #face(c: Card): string {
    const { order } = c;
    const parts = c.parts.map((p) => [p.ticket.id, p.state === "served", p.ticket.items, p.ticket.reason]);
    const head = [order.number, order.table, order.note, order.allergies, c.allergyNote, order.seat];
    return JSON.stringify([this.#desk.style, parts, head, c.stage, c.rush, order.delayed, c.next.length]);
  }

  turn(by: number): void {
    this.page = Math.max(0, Math.min(this.pages.length - 1, this.shownPage + by));
    this.selected = this.part = undefined;
  }

  /** Turns to the page an order stands on. */
  find(id: string): void {
    const page = this.pages.findIndex((pieces) => pieces.some((p) => p.id === id));
    if (page >= 0) this.page = page;
    this.#select(id);
  }

  /** Selects the card that stands in that place on the page. */
  select(position: number): void {
    const piece = this.pieces[position];
    if (piece) this.#select(piece.id);
  }

  #select(id: string | undefined): void {
    this.selected = id;
    this.part = undefined;
  }

  /** Moves the selection; beyond the edge lies the next page. While one goes through parts, up and down do that. */
  move(by: "left" | "right" | "up" | "down"): void {
    if (this.part !== undefined && (by === "up" || by === "down"))
      return this.#movePart(by === "up" ? -1 : 1);
    const own = this.pieces.some((p) => p.id === this.selected) ? this.selected : undefined;
    if (!own) return this.select(0);
    const to = neighbour(this.pieces, own, by);
    if (to) return this.#select(to.id);
    const forward = by === "right" || by === "down";
    const page = this.shownPage;
    this.turn(forward ? 1 : -1);
    if (this.shownPage !== page) this.#select(this.pieces.at(forward ? 0 : -1)?.id);
    else this.#select(own);
  }

  #movePart(by: number): void {
    const parts = this.#collectable(this.card(this.selected));
    const at = parts.findIndex((p) => p.ticket.id === this.part);
    if (parts.length > 0) this.part = parts[(at + by + parts.length) % parts.length]!.ticket.id;
  }

  /** Begins or ends going through the parts of the selected card that can be collected. */
  toggleParts(): void {
    if (!this.selected) this.select(0);
    this.part = this.part ? undefined : this.#collectable(this.card(this.selected))[0]?.ticket.id;
  }

  #collectable(card: Card | undefined): Part[] {
    return card?.parts.filter(isReady) ?? [];
  }

  /** What Enter does: collects the part one has gone to, else serves what is ready of the selected card. */
  enter(): Done | undefined {
    const card = this.card(this.selected);
    if (!card || this.lingers(card.id)) return undefined;
    if (this.part !== undefined) {
      this.collect(this.part);
      return undefined;
    }
    const at = this.pieces.findIndex((p) => p.id === card.id);
    const done = this.#serve(card);
    if (done && card.stage === "whole") {
      this.#select(undefined);
      this.select(Math.min(at, this.pieces.length - 1));
    }
    return done;
  }

  /** What a touch of Served does: what is ready is on the table; on a card that is served whole a second touch undoes. */
  tap(id: string, now: number): Done | undefined {
    const card = this.card(id);
    if (!card) return undefined;
    if (this.lingers(id)) {
      this.#takeBack((s) => s.order === id);
      return undefined;
    }
    if (card.stage === "whole")
      this.#lingering = new Map([...this.#lingering, [id, { card, until: now + undoFor }]]);
    return this.#serve(card);
  }

  // All that was fired is served as one; of an order that is still being cooked only what is ready, ticket by ticket.
  #serve(card: Card): Done | undefined {
    const tickets = card.parts.filter(isReady).map((p) => p.ticket.id);
    if (tickets.length === 0) return undefined;
    if (card.stage !== "some") this.#presses.press({ type: "serve", order: card.id });
    else for (const ticket of tickets) this.#presses.press({ type: "serve", ticket });
    const served = { order: card.id, number: card.order.number, tickets };
    this.served = [...this.served, served].slice(-50);
    return { card, undo: () => this.#takeBack((s) => s === served) };
  }

  /** Notes that all of an order that was fired is on the table, also what no station has called done. */
  serveAll(id: string): void {
    const card = this.card(id);
    if (!card) return;
    const tickets = card.parts
      .filter((p) => p.state !== "held" && p.state !== "served")
      .map((p) => p.ticket.id);
    this.#presses.press({ type: "serve", order: id });
    this.served = [...this.served, { order: id, number: card.order.number, tickets }].slice(-50);
  }

  /** Takes back what was served last on this screen. It returns the order's number, undefined when there is none. */
  takeBackLast(): string | undefined {
    const last = this.served.at(-1);
    if (last) this.#takeBack((s) => s === last);
    return last?.number;
  }

  #takeBack(which: (served: Served) => boolean): void {
    const served = this.served.findLast(which);
    if (!served) return;
    this.served = this.served.filter((s) => s !== served);
    this.#lingering = new Map([...this.#lingering].filter(([id]) => id !== served.order));
    for (const ticket of served.tickets) this.bringBack(ticket);
  }

  /** Brings one ticket back from the table to the pass. */
  bringBack(ticket: string): void {
    this.#presses.press({ type: "serve", ticket, undo: true });
  }

  /** Takes a ready part in hand, or puts it back. */
  collect(ticket: string): void {
    const part = this.cards.flatMap((c) => c.parts).find((p) => p.ticket.id === ticket);
    if (!part || !isReady(part)) return;
    this.#presses.press({ type: "collect", ticket, ...(part.state === "collected" && { undo: true }) });
  }

  /** Takes everything of an order that is ready in hand, or puts all of it back. */
  collectAll(id: string | undefined): void {
    const ready = this.#collectable(this.card(id));
    if (!id || ready.length === 0) return;
    const undo = ready.every((p) => p.state === "collected");
    this.#presses.press({ type: "collect", order: id, ...(undo && { undo }) });
  }

  /** Fires what an order has next. */
  fireNext(id: string | undefined): Done | undefined {
    const card = this.card(id);
    if (!card || card.next.length === 0) return undefined;
    const course = card.next[0]!.ticket.course;
    // Taken back it is held again as it was: by hand, or until the house's rule fires it.
    const all = (back: { undo?: boolean }) => {
      if (course) this.#presses.press({ type: "fire", order: card.id, course, ...back });
      else
        for (const { ticket } of card.next) this.#presses.press({ type: "fire", ticket: ticket.id, ...back });
    };
    all({});
    return { card, undo: () => all({ undo: true }) };
  }

  /** Puts an order before the others, or takes that back. It says which of the two. */
  rush(id: string | undefined): boolean | undefined {
    const card = this.card(id);
    const open = card?.parts.some((p) => !isReady(p) && p.state !== "served");
    if (!card || !open || this.lingers(card.id)) return undefined;
    const undo = card.rush !== undefined;
    this.#presses.press({ type: "rush", order: card.id, ...(undo && { undo }) });
    return !undo;
  }

  /** Whether an order has become ready since it was last asked. */
  news(): boolean {
    const ready = new Set(this.cards.filter((c) => c.ready).map((c) => `${c.id} ${c.ready}`));
    const fresh = [...ready].some((id) => this.#announced && !this.#announced.has(id));
    this.#announced = ready;
    return fresh;
  }

  /** Lets cards go whose time to undo is over. */
  tick(now: number): void {
    const kept = [...this.#lingering].filter(([, { until }]) => until > now);
    if (kept.length < this.#lingering.size) this.#lingering = new Map(kept);
  }
}

// Before the browser has drawn a card its size is guessed; one frame later it is known.
function guessed(c: Card): Measured {
  const rows = c.parts.flatMap((p) => [
    { height: 48, joined: false },
    ...p.ticket.items.map(() => ({ height: 34, joined: true })),
  ]);
  return { id: c.id, head: 110, again: 60, rows, more: 30, foot: 64 };
}
