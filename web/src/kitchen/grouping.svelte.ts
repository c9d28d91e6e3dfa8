import { gap, type Desk } from "./desk.svelte";
import { groups, type Group, type Place } from "./groups";
import { flow, neighbour, pages, type Measured } from "./pages";

/** What was ticked off last, to take it back. */
export interface Ticked extends Place {
  name: string;
}

/** Grouping is the other view of the desk: the dishes of all tickets, those that can be made together as one. */
export class Grouping {
  page = $state(0);
  selected = $state<string>();
  #sizes = $state.raw<ReadonlyMap<string, number>>(new Map());

  #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  groups = $derived.by(() => groups(this.#desk.tickets.filter((t) => !this.#desk.lingers(t.id))));
  /** The groups whose height is not known at the present width. */
  unmeasured = $derived.by(() => this.groups.filter((g) => !this.#sizes.has(this.#face(g))));
  pages = $derived.by(() => {
    const sizes = this.groups.map((g) => sized(g.id, this.#sizes.get(this.#face(g)) ?? 120));
    return pages(flow(sizes, { height: this.#desk.area.height, gap }), this.#desk.columns);
  });
  shownPage = $derived(Math.min(this.page, this.pages.length - 1));
  pieces = $derived(this.pages[this.shownPage]!);

  group(id: string): Group | undefined {
    return this.groups.find((g) => g.id === id);
  }

  /** Takes the heights of groups as the browser drew them, in pixels. */
  measure(heights: ReadonlyMap<string, number>): void {
    const known = new Map<string, number>();
    for (const g of this.groups) {
      const height = heights.get(g.id) ?? this.#sizes.get(this.#face(g));
      if (height !== undefined) known.set(this.#face(g), height);
    }
    this.#sizes = known;
  }

  #face(g: Group): string {
    return `${this.#desk.style} ${g.places.length} ${g.id}`;
  }

  turn(by: number): void {
    this.page = Math.max(0, Math.min(this.pages.length - 1, this.shownPage + by));
    this.selected = undefined;
  }

  /** Selects the group that stands in that place on the page. */
  select(position: number): void {
    this.selected = this.pieces[position]?.id ?? this.selected;
  }

  move(by: "left" | "right" | "up" | "down"): void {
    const own = this.pieces.some((p) => p.id === this.selected) ? this.selected : undefined;
    if (!own) return this.select(0);
    const to = neighbour(this.pieces, own, by);
    if (to) this.selected = to.id;
    else if (by === "right" || by === "down") this.turn(1);
    else if (this.shownPage > 0) this.turn(-1);
  }

  /** Ticks one of a group off, on the ticket it was ordered on first. It returns where. */
  tick(id: string | undefined): Ticked | undefined {
    const group = id === undefined ? undefined : this.group(id);
    const first = group?.places[0];
    if (!group || !first) return undefined;
    this.#desk.tickOne(first.ticket, first.item);
    return { ...first, name: group.name };
  }

  /** Takes a tick back. */
  undo({ ticket, item, done }: Ticked): void {
    this.#desk.setDone(ticket, item, done);
  }
}

function sized(id: string, height: number): Measured {
  return { id, head: height, again: 0, rows: [], more: 0, foot: 0 };
}
