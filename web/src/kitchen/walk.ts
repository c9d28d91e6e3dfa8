import type { Command } from "./keys";

const pressed = "button:not(:disabled), a[href], input:not(:disabled), summary";

/**
 * Makes a dialog work with the few keys of a bump bar: arrows go to the next thing that can be pressed, digits to the
 * things of a list by number, bump presses, and recall-last closes where there is no Escape. It says whether the key
 * was used.
 */
export function walk(command: Command, dialog: HTMLElement, close: () => void): boolean {
  const active = document.activeElement as HTMLElement | null;
  const typing = active instanceof HTMLInputElement && dialog.contains(active);
  switch (command.do) {
    case "move":
      if (typing && (command.by === "left" || command.by === "right")) return false;
      return step(dialog, active, command.by);
    case "page":
      return step(dialog, active, command.by < 0 ? "up" : "down", 5);
    case "select":
      return !typing && focus(picks(dialog)[command.position]);
    case "bump":
      if (typing || !active || !dialog.contains(active)) return false;
      active.click();
      return true;
    case "recall-last":
      if (typing && active.value !== "") return false;
      close();
      return true;
    default:
      return false;
  }
}

/** Goes to the first thing of the dialog's list: with keys one wants to choose, not to close. */
export function enterDialog(dialog: HTMLElement): void {
  focus(picks(dialog)[0] ?? dialog.querySelector<HTMLElement>(".body button:not(:disabled)") ?? undefined);
}

function picks(dialog: HTMLElement): HTMLElement[] {
  return [...dialog.querySelectorAll<HTMLElement>("[data-pick]")].filter((e) => e.checkVisibility());
}

function focus(element: HTMLElement | undefined): boolean {
  element?.focus();
  element?.scrollIntoView({ block: "nearest" });
  return element !== undefined;
}

type Way = "left" | "right" | "up" | "down";

function step(dialog: HTMLElement, active: HTMLElement | null, by: Way, times = 1): boolean {
  const all = [...dialog.querySelectorAll<HTMLElement>(pressed)].filter((e) => e.checkVisibility());
  let from = active && dialog.contains(active) ? active : undefined;
  for (let n = 0; n < times; n++) {
    const to = from ? towards(all, from, by) : all[0];
    if (!to) break;
    from = to;
  }
  return focus(from);
}

interface Place {
  element: HTMLElement;
  x: number;
  y: number;
  top: number;
  bottom: number;
}

/** The next element that way: up and down the nearest row, in it what stands nearest; left and right in the same row. */
function towards(all: readonly HTMLElement[], from: HTMLElement, by: Way): HTMLElement | undefined {
  const own = place(from);
  const others = all.filter((e) => e !== from).map(place);
  if (by === "left" || by === "right") {
    const sign = by === "left" ? -1 : 1;
    const row = others.filter((p) => p.top < own.bottom && p.bottom > own.top && (p.x - own.x) * sign > 1);
    return nearest(row, (p) => Math.abs(p.x - own.x));
  }
  const beyond = others.filter((p) => (by === "up" ? p.y < own.top : p.y > own.bottom));
  const edge = nearest(beyond, (p) => Math.abs(p.y - own.y));
  if (!edge) return undefined;
  const limit = place(edge);
  const row = beyond.filter((p) => p.top < limit.bottom && p.bottom > limit.top);
  return nearest(row, (p) => Math.abs(p.x - own.x));
}

function place(element: HTMLElement): Place {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return { element, x: (left + right) / 2, y: (top + bottom) / 2, top, bottom };
}

function nearest(places: readonly Place[], by: (p: Place) => number): HTMLElement | undefined {
  return places.reduce<Place | undefined>((best, p) => (!best || by(p) < by(best) ? p : best), undefined)
    ?.element;
}
