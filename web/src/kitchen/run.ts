import { toasts } from "../lib/toast.svelte";
import { say } from "../lib/words/kitchen";
import type { Command } from "./keys";
import type { Panel } from "./panel";
import { onPass } from "./runpass";
import type { Screen } from "./screen.svelte";
import { askForDish, chosenDish, whileAsked } from "./strike";
import { accept, hold, rush } from "./told";

/** Does what a key asked for, on the screen as it is shown; `open` opens a dialog. */
export function run(command: Command, screen: Screen, open: (panel: Panel) => void): void {
  if (screen.eightySix.on && whileAsked(command, screen, open)) return;
  if (screen.prefs.expo) {
    if (onPass(command, screen)) return;
  } else if (screen.grouped ? onGroups(command, screen) : onTickets(command, screen)) {
    if (screen.eightySix.on && !screen.grouped) screen.desk.standOnDish();
    return;
  }
  switch (command.do) {
    case "groups":
      screen.grouped = !screen.grouped;
      return;
    case "recall-last":
      if (!screen.desk.recallLast()) toasts.show(say("toast.nothing"));
      return;
    case "accept":
      return accept(screen);
    case "stock":
      return open({ kind: "stock", dish: chosenDish(screen) ?? "" });
    case "eighty-six":
      return screen.prefs.expo ? open({ kind: "stock" }) : askForDish(screen);
    case "fire":
      return open({ kind: "held" });
    case "pace":
    case "recall":
    case "totals":
    case "sift":
    case "help":
    case "ready":
    case "stations":
    case "settings":
      return open({ kind: command.do });
    case "cleaning":
      return screen.cleaning.start();
    case "redraw":
      return screen.redraw();
    case "escape":
      screen.grouped = false;
      screen.pass.selected = screen.pass.part = undefined;
      screen.desk.selected = screen.desk.item = screen.grouping.selected = undefined;
  }
}

/** What is done on tickets, true when it was done. */
function onTickets(command: Command, screen: Screen): boolean {
  const { desk } = screen;
  switch (command.do) {
    case "select":
      desk.select(command.position);
      return true;
    case "move":
      desk.move(command.by);
      return true;
    case "page":
      desk.turn(command.by);
      return true;
    case "first":
    case "last":
      desk.turn(command.do === "first" ? -desk.pages.length : desk.pages.length);
      return true;
    case "bump":
      desk.enter();
      return true;
    case "start":
      if (desk.selected) desk.start(desk.selected);
      return true;
    case "items":
      desk.toggleItems();
      return true;
    case "hold":
      hold(screen, desk.selected);
      return true;
    case "rush":
      rush(screen, desk.selected);
      return true;
    default:
      return false;
  }
}

/** The same keys on the dishes of all tickets. */
function onGroups(command: Command, screen: Screen): boolean {
  const { grouping } = screen;
  switch (command.do) {
    case "select":
      grouping.select(command.position);
      return true;
    case "move":
      grouping.move(command.by);
      return true;
    case "page":
      grouping.turn(command.by);
      return true;
    case "first":
    case "last":
      grouping.turn(command.do === "first" ? -grouping.pages.length : grouping.pages.length);
      return true;
    case "bump":
      if (grouping.selected) tickGroup(screen, grouping.selected);
      return true;
    case "start":
    case "items":
    case "hold":
    case "rush":
      return true;
    default:
      return false;
  }
}

/** Ticks one of a group off, and offers to take it back. */
export function tickGroup(screen: Screen, id: string): void {
  const ticked = screen.grouping.tick(id);
  if (!ticked) return;
  toasts.show(say("groups.one", { name: ticked.name, number: ticked.number }), {
    tone: "good",
    action: { label: say("toast.undo"), run: () => screen.grouping.undo(ticked) },
  });
}
