import { toasts } from "../lib/toast.svelte";
import { say } from "../lib/words/kitchen";
import type { Command } from "./keys";
import type { Screen } from "./screen.svelte";
import { fireNext, rushOrder, served, takeBack } from "./told";

/** What the keys do at the pass, true when it was done. They are the same as on tickets. */
export function onPass(command: Command, screen: Screen): boolean {
  const { pass } = screen;
  switch (command.do) {
    case "select":
      pass.select(command.position);
      return true;
    case "move":
      pass.move(command.by);
      return true;
    case "page":
      pass.turn(command.by);
      return true;
    case "first":
    case "last":
      pass.turn(command.do === "first" ? -pass.pages.length : pass.pages.length);
      return true;
    case "recall-last":
      takeBack(screen);
      return true;
    case "groups":
      return true;
    default:
      return onOrder(command, screen);
  }
}

/** The keys that do something with the selected order. */
function onOrder(command: Command, screen: Screen): boolean {
  const { pass } = screen;
  switch (command.do) {
    case "bump":
      enter(screen);
      return true;
    case "start":
      pass.collectAll(pass.selected);
      return true;
    case "items":
      pass.toggleParts();
      return true;
    case "fire":
      if (pass.selected) fireNext(screen, pass.selected);
      else toasts.show(say("held.choose"));
      return true;
    case "rush":
      rushOrder(screen, pass.selected);
      return true;
    case "hold":
      return true;
    default:
      return false;
  }
}

function enter({ pass }: Screen): void {
  const walking = pass.part !== undefined;
  const done = pass.enter();
  if (done) served(done);
  else if (pass.selected && !walking) toasts.show(say("expo.notReady"));
}
