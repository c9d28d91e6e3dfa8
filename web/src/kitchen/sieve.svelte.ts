import { isSet } from "../lib/time.svelte";
import { recall, remember } from "../lib/storage";
import { lateAt } from "./age";
import { byCreated } from "./board.svelte";
import { missed, rushed, since } from "./fields";
import type { Station, Ticket } from "./wire";

// The one that was rushed first stands first.
function byRush(a: Ticket, b: Ticket): number {
  const at = (t: Ticket) => (rushed(t) ? Date.parse(t.rush ?? "") : Infinity);
  return at(a) === at(b) ? 0 : at(a) - at(b);
}

// A held ticket is as old as its firing: one that was fired later stands later.
function bySince(a: Ticket, b: Ticket): number {
  return Date.parse(since(a)) - Date.parse(since(b)) || 0;
}

/** What the tickets are sorted by: the oldest first, by table, or the one that is late first. */
export type Sorting = "age" | "table" | "late";
export const sortings: readonly Sorting[] = ["age", "table", "late"];

/** How long a ticket that nobody had seen stays in spite of a filter, in milliseconds after it was seen. */
const seenFor = 30_000;

const remembered = "comanda.kitchen.sieve";

/** What is known of the world when tickets are sifted. */
export interface Around {
  now: number;
  station: (id: string) => Station | undefined;
}

interface Kept {
  sorting?: unknown;
  dining?: unknown;
  channel?: unknown;
  allergies?: unknown;
  late?: unknown;
}

/** The order of the tickets and which of them are shown, chosen on this one screen and remembered in its browser. */
export class Sieve {
  sorting = $state<Sorting>("age");
  /** "" is every dining option. */
  dining = $state<Ticket["dining"] | "">("");
  /** "" is every channel. */
  channel = $state("");
  /** Only tickets with allergies. */
  allergies = $state(false);
  /** Only late tickets. */
  late = $state(false);

  /** Whether anything may be hidden. */
  active = $derived(this.dining !== "" || this.channel !== "" || this.allergies || this.late);

  constructor() {
    const kept = recall<Kept>(remembered) ?? {};
    if (sortings.some((s) => s === kept.sorting)) this.sorting = kept.sorting as Sorting;
    if (kept.dining === "eat_in" || kept.dining === "take_away") this.dining = kept.dining;
    if (typeof kept.channel === "string") this.channel = kept.channel;
    this.allergies = kept.allergies === true;
    this.late = kept.late === true;
  }

  /** Changes some of it. */
  set(to: Partial<Pick<Sieve, "sorting" | "dining" | "channel" | "allergies" | "late">>): void {
    Object.assign(this, to);
    const { sorting, dining, channel, allergies, late } = this;
    remember(remembered, { sorting, dining, channel, allergies, late });
  }

  /** Shows everything again; the order stays. */
  clear(): void {
    this.set({ dining: "", channel: "", allergies: false, late: false });
  }

  /**
   * Whether a ticket is shown. Cancellations, rushed tickets and what nobody has seen yet are shown whatever is
   * filtered; what was seen only just now stays a little, so that a cook has seen it too and not only the glass.
   */
  keeps(ticket: Ticket, around: Around): boolean {
    if (!this.active || ticket.kind === "cancellation" || rushed(ticket) || missed(ticket)) return true;
    if (!isSet(ticket.seen) || around.now - Date.parse(ticket.seen) < seenFor) return true;
    if (this.dining && ticket.dining !== this.dining) return false;
    if (this.channel && ticket.channel !== this.channel) return false;
    if (this.allergies && !ticket.allergies?.length && !ticket.allergy_note) return false;
    return !this.late || around.now >= lateAt(ticket, around.station(ticket.station));
  }

  /** Sorts tickets, rushed ones first. What is late first is told by an instant that does not move: nothing jumps. */
  sort(tickets: readonly Ticket[], station: Around["station"]): Ticket[] {
    const due = (t: Ticket) => lateAt(t, station(t.station));
    const by = {
      age: () => 0,
      table: (a: Ticket, b: Ticket) => a.table.localeCompare(b.table, undefined, { numeric: true }),
      late: (a: Ticket, b: Ticket) => due(a) - due(b),
    }[this.sorting];
    return [...tickets].sort((a, b) => byRush(a, b) || by(a, b) || bySince(a, b) || byCreated(a, b));
  }
}
