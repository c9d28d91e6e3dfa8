import type { Measured } from "./pages";

/** Reads the sizes off a ticket that was drawn whole, out of sight. letter is its font size in pixels. */
export function measured(wrapper: HTMLElement, letter: number): Measured {
  const box = wrapper.getBoundingClientRect();
  const rows = [...wrapper.querySelectorAll<HTMLElement>("[data-row]")];
  const tops = rows.map((r) => r.getBoundingClientRect().top);
  const end = rows.at(-1)?.getBoundingClientRect().bottom ?? box.bottom;
  return {
    id: wrapper.dataset.id ?? "",
    head: (tops[0] ?? box.bottom) - box.top,
    // One line each; see .again and .on in Ticket.svelte.
    again: letter * 3.1,
    more: letter * 2.7,
    rows: rows.map((r, i) => ({
      height: (tops[i + 1] ?? end) - tops[i]!,
      joined: r.dataset.row === "joined",
    })),
    foot: box.bottom - end,
  };
}
