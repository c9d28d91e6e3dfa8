import { toasts } from "../lib/toast.svelte";
import { say } from "../lib/words/kitchen";
import type { Command } from "./keys";
import type { Panel } from "./panel";
import type { Screen } from "./screen.svelte";
import { asBefore, saleOf, toggled } from "./soldout";
import type { Stock } from "./wire";

type Open = (panel: Panel) => void;

/** How long the way back is offered, in seconds. */
const seconds = 8;

/**
 * Marks a dish of that name as sold out, with the way back at the lower edge. What is not on the menu by that name any
 * more is looked for in the list.
 */
export function strike(screen: Screen, dish: string, open: Open): void {
  screen.eightySix.stop();
  const { board, presses } = screen;
  const sale = saleOf(board.items, (key) => presses.stock(key, board.stock(key)), dish);
  if (!sale) return open({ kind: "stock", dish });
  const send = (stock: Stock) => void presses.press({ type: "stock", stock });
  if (!sale.out) send(toggled(sale));
  toasts.show(say(sale.out ? "eightySix.already" : "stock.toast.out", { name: sale.name }), {
    tone: "good",
    seconds,
    action: sale.out
      ? { label: say("eightySix.back"), run: () => send(toggled(sale)) }
      : { label: say("toast.undo"), run: () => send(asBefore(sale)) },
  });
}

/** Asks for the dish; with keys the selection stands on one at once. */
export function askForDish(screen: Screen): void {
  screen.eightySix.start();
  if (screen.grouped) {
    if (!screen.grouping.selected) screen.grouping.select(0);
  } else screen.desk.standOnDish();
}

/** What keys do while a dish is asked for, true when that was all. Arrows and digits go on choosing. */
export function whileAsked(command: Command, screen: Screen, open: Open): boolean {
  switch (command.do) {
    case "select":
    case "move":
    case "page":
    case "first":
    case "last":
      return false;
    case "bump": {
      const dish = chosenDish(screen);
      if (dish) strike(screen, dish, open);
      else screen.eightySix.stop();
      return true;
    }
    case "items":
      return true;
    default:
      screen.eightySix.stop();
      screen.desk.item = undefined;
      // Whoever asks for something else shall have it; these three only take the question back.
      return command.do === "escape" || command.do === "recall-last" || command.do === "eighty-six";
  }
}

/** The name of the dish the keys stand on. */
export function chosenDish({ desk, grouped, grouping }: Screen): string | undefined {
  if (grouped) return grouping.selected && grouping.group(grouping.selected)?.dish;
  const ticket = desk.selected === undefined ? undefined : desk.ticket(desk.selected);
  return desk.item === undefined ? undefined : ticket?.items[desk.item]?.name;
}
