import { isHeld, isOpen, type Board } from "./board.svelte";
import { rushed } from "./fields";
import { flow, hidden, neighbour, pages, type Measured } from "./pages";
import type { Presses } from "./presses.svelte";
import { Sieve } from "./sieve.svelte";
import { left } from "./totals";
import type { Ticket } from "./wire";

/** How long a touched ticket stays in its place so that a second touch undoes the first, in milliseconds. */
export const undoFor = 3000;

/** The space between two tickets, in pixels. */
export const gap = 10;

/** What was bumped last by hand, for the undo toast and the Backspace key. */
export interface Bumped {
  ticket: string;
  number: string;
}

/**
 * Desk is what lies in front of the cook: which tickets, in which column, on which page, which one is selected, and
 * what can still be undone. It takes the board's truth and puts the presses on top.
 */
export class Desk {
  /** The stations shown here; none is all. */
  stations = $state.raw<readonly string[]>([]);
  readonly sieve: Sieve;
  /** The device's time in Unix ms, as of a moment ago: what is filtered by time moves with it. */
  now = $state(0);
  columns = $state(4);
  /** The room for all columns, in pixels. */
  area = $state.raw({ width: 1280, height: 640 });
  page = $state(0);
  /** The selected ticket and, in item mode, the position of one of its items. */
  selected = $state<string>();
  item = $state<number>();
  last = $state.raw<Bumped>();
  /** What the sizes of tickets depend on besides their content: the width of a column, the language. */
  style = $state("");
  #measured = $state.raw<ReadonlyMap<string, Measured & { face: string }>>(new Map());
  // Tickets that were done by touch keep their place for a moment: nothing moves under the finger, and a second
  // touch undoes.
  #lingering = $state.raw<ReadonlyMap<string, number>>(new Map());

  #board: Board;
  #presses: Presses;

  constructor(board: Board, presses: Presses, sieve = new Sieve()) {
    this.#board = board;
    this.#presses = presses;
    this.sieve = sieve;
  }

  /** Every open ticket as it will be once each press has arrived, sorted; lingering ones among them. */
  all = $derived.by(() => {
    const known = [...this.#board.open, ...this.#board.held, ...this.#board.done].filter((t) =>
      this.#mine(t),
    );
    const expected = known.map((t) => this.#presses.expected(t));
    const open = expected.filter((t) => isOpen(t) || this.#lingering.has(t.id));
    return this.sieve.sort(open, (id) => this.#board.station(id));
  });
  /** Those of them that are not filtered out. */
  tickets = $derived.by(() => {
    if (!this.sieve.active) return this.all;
    const around = { now: this.now, station: (id: string) => this.#board.station(id) };
    return this.all.filter((t) => this.#lingering.has(t.id) || this.sieve.keeps(t, around));
  });
  /** The tickets of these stations that are not to be cooked yet, as it will be: those with a time first. */
  held = $derived.by(() => {
    const known = [...this.#board.held, ...this.#board.open].filter((t) => this.#mine(t));
    return known.map((t) => this.#presses.expected(t)).filter(isHeld);
  });
  /** The bumped tickets of these stations as they will be, for recalling: the last one first. */
  done = $derived.by(() => {
    const onTheirWay = [...this.#board.open, ...this.#board.held].toReversed();
    const known = [...onTheirWay, ...this.#board.done].filter((t) => this.#mine(t));
    return known.map((t) => this.#presses.expected(t)).filter((t) => t.state === "done");
  });

  #pieces = $derived(
    flow(
      this.tickets.map((t) => this.#measured.get(t.id) ?? guessed(t)),
      { height: this.area.height, gap },
    ),
  );
  /** The tickets whose size is not known as they are now. */
  unmeasured = $derived(this.tickets.filter((t) => this.#measured.get(t.id)?.face !== this.#face(t)));
  pages = $derived(pages(this.#pieces, this.columns));
  shownPage = $derived(Math.min(this.page, this.pages.length - 1));
  pieces = $derived(this.pages[this.shownPage]!);
  /** The tickets that wait on other pages. */
  hidden = $derived(hidden(this.#pieces, this.pieces));

  #mine(ticket: Ticket): boolean {
    return this.stations.length === 0 || this.stations.includes(ticket.station);
  }

  ticket(id: string): Ticket | undefined {
    return this.all.find((t) => t.id === id);
  }

  /** The first ticket on another page that is a cancellation nobody here has acknowledged. */
  hiddenSlip = $derived(this.hidden.find((id) => this.ticket(id)?.kind === "cancellation"));

  lingers(id: string): boolean {
    return this.#lingering.has(id);
  }

  /** Takes the sizes of unmeasured tickets as the browser drew them; tickets that are gone are forgotten. */
  measure(sizes: readonly Measured[]): void {
    const all = new Map(this.#measured);
    for (const size of sizes) {
      const ticket = this.ticket(size.id);
      if (ticket) all.set(size.id, { ...size, face: this.#face(ticket) });
    }
    for (const id of all.keys()) if (!this.ticket(id)) all.delete(id);
    this.#measured = all;
  }

  #face(t: Ticket): string {
    const head = [t.number, t.table, t.note, t.allergies, t.allergy_note, t.recalled, t.seat, rushed(t)];
    const course = [t.course, t.fly, t.reason];
    return JSON.stringify([this.style, t.items, head, course]);
  }

  turn(by: number): void {
    this.page = Math.max(0, Math.min(this.pages.length - 1, this.shownPage + by));
    this.selected = this.item = undefined;
  }

  /** The page a ticket begins on, −1 when it is on none. */
  pageOf(id: string): number {
    return this.pages.findIndex((pieces) => pieces.some((p) => p.id === id));
  }

  /** Turns to the page a ticket stands on. */
  find(id: string): void {
    const page = this.pageOf(id);
    if (page >= 0) this.page = page;
    this.#select(id);
  }

  /** Selects the ticket that stands in that place on the page, counted in the order of the tickets. */
  select(position: number): void {
    const piece = this.pieces[position];
    if (piece) this.#select(piece.id);
  }

  #select(id: string | undefined): void {
    this.selected = id;
    this.item = undefined;
  }

  /** Moves the selection; beyond the edge lies the next page. In item mode up and down go through the items. */
  move(by: "left" | "right" | "up" | "down"): void {
    if (this.item !== undefined && (by === "up" || by === "down"))
      return this.#moveItem(by === "up" ? -1 : 1);
    const own = this.pieces.some((p) => p.id === this.selected) ? this.selected : undefined;
    if (!own) return this.select(0);
    const to = neighbour(this.pieces, own, by);
    if (to) return this.#select(to.id);
    if ((by === "right" || by === "down") && this.shownPage + 1 < this.pages.length) this.#enter(1, 0);
    if ((by === "left" || by === "up") && this.shownPage > 0) this.#enter(-1, -1);
  }

  #enter(turn: number, position: number): void {
    this.turn(turn);
    this.#select(this.pieces.at(position)?.id);
  }

  #moveItem(by: number): void {
    const count = (this.selected && this.ticket(this.selected)?.items.length) || 0;
    if (count > 0) this.item = ((this.item ?? 0) + by + count) % count;
  }

  /** Enters or leaves item mode on the selected ticket. */
  toggleItems(): void {
    if (!this.selected) this.select(0);
    this.item = this.item === undefined && this.selected ? 0 : undefined;
  }

  /** Puts the selection on a dish: of the selected ticket, else of the first one. */
  standOnDish(): void {
    if (!this.pieces.some((p) => p.id === this.selected)) this.select(0);
    if (this.selected) this.item ??= 0;
  }

  /** What Enter does: the selected item, else the selected ticket, which then leaves at once. */
  enter(): void {
    const ticket = this.selected && this.ticket(this.selected);
    if (!ticket || this.lingers(ticket.id)) return;
    if (this.item !== undefined) return this.tapItem(ticket.id, this.item);
    const at = this.pieces.findIndex((p) => p.id === ticket.id);
    this.#bump(ticket);
    this.#select(undefined);
    this.select(Math.min(at, this.pieces.length - 1));
  }

  /** What a touch of the head or of Done does: the ticket is done; a second touch within three seconds undoes. */
  tap(id: string, now: number): void {
    const ticket = this.ticket(id);
    if (!ticket) return;
    if (this.lingers(id)) return this.undo(id);
    if (ticket.kind === "food") this.#lingering = new Map([...this.#lingering, [id, now + undoFor]]);
    this.#bump(ticket);
  }

  /** What a touch of the item at an index does: done, and not done again. */
  tapItem(id: string, index: number): void {
    if (this.lingers(id)) return this.undo(id);
    const ticket = this.ticket(id);
    const item = ticket?.items[index];
    if (ticket?.kind !== "food" || !item || item.quantity === (item.cancelled ?? 0)) return;
    const undo = left(item) === 0;
    this.#presses.press({ type: "bump", ticket: id, item: index, ...(undo && { undo }) });
  }

  /** Ticks one of an item off, and not more: the others are still in the pan. */
  tickOne(id: string, index: number): void {
    const item = this.ticket(id)?.items[index];
    if (item && left(item) > 0) this.setDone(id, index, item.done + 1);
  }

  /** Says how many of an item are done. */
  setDone(id: string, item: number, count: number): void {
    this.#presses.press({ type: "bump", ticket: id, item, count });
  }

  /** Starts a new ticket, or takes the start back. */
  start(id: string): void {
    const ticket = this.ticket(id);
    if (ticket?.kind !== "food" || this.lingers(id)) return;
    this.#presses.press({ type: "start", ticket: id, ...(ticket.state === "started" && { undo: true }) });
  }

  /** Puts a ticket nobody has begun off until it is fired. It says whether that can be done. */
  hold(id: string): boolean {
    const ticket = this.ticket(id);
    if (ticket?.kind !== "food" || ticket.state !== "new" || this.lingers(id)) return false;
    this.#presses.press({ type: "hold", ticket: id });
    return true;
  }

  /** Lets a held ticket be cooked now; `undo` holds it again. */
  fire(id: string, undo = false): void {
    this.#presses.press({ type: "fire", ticket: id, ...(undo && { undo }) });
  }

  /** Puts a ticket before the others, or takes that back. It says which of the two, undefined when neither can be. */
  rush(id: string): boolean | undefined {
    const ticket = this.ticket(id);
    if (ticket?.kind !== "food" || this.lingers(id)) return undefined;
    const undo = rushed(ticket);
    this.#presses.press({ type: "rush", ticket: id, ...(undo && { undo }) });
    return !undo;
  }

  /** Brings a bumped ticket back. */
  undo(id: string): void {
    this.#lingering = new Map([...this.#lingering].filter(([other]) => other !== id));
    if (this.last?.ticket === id) this.last = undefined;
    this.#presses.press({ type: "recall", ticket: id });
  }

  /** Brings back what was bumped last, by whomever. It says whether there was anything. */
  recallLast(): boolean {
    const id = this.done.find((t) => t.kind === "food")?.id;
    if (id) this.undo(id);
    return id !== undefined;
  }

  /** Lets tickets go whose time to undo is over. */
  tick(now: number): void {
    const left = [...this.#lingering].filter(([, until]) => until > now);
    if (left.length < this.#lingering.size) this.#lingering = new Map(left);
  }

  #bump(ticket: Ticket): void {
    this.#presses.press({ type: "bump", ticket: ticket.id });
    this.last = ticket.kind === "food" ? { ticket: ticket.id, number: ticket.number } : undefined;
  }
}

// Before the browser has drawn a ticket its size is guessed; one frame later it is known.
function guessed(t: Ticket): Measured {
  const rows = t.items.map(() => ({ height: 40, joined: false }));
  return { id: t.id, head: 80, again: 60, rows, more: 30, foot: 60 };
}
