import type { Measured } from "./pages";

/** Reads the sizes off a ticket that was drawn whole, out of sight. letter is its font size in pixels. */
export function measured(wrapper: HTMLElement, letter: number): Measured {
  const box = wrapper.getBoundingClientRect();
  const rows = [...wrapper.querySelectorAll<HTMLElement>("[data-row]")].map((r) => r.getBoundingClientRect());
  const ends = rows.map((r, i) => rows[i + 1]?.top ?? r.bottom);
  return {
    id: wrapper.dataset.id ?? "",
    head: rows.length > 0 ? rows[0]!.top - box.top : box.height,
    // The head of a continuation is one line; see Ticket.svelte.
    again: letter * 3.2,
    rows: rows.map((r, i) => ends[i]! - r.top),
    foot: rows.length > 0 ? box.bottom - ends.at(-1)! : 0,
  };
}
