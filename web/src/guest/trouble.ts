import type { Problem } from "../lib/problem";
import { say } from "./words";

/** Which of the stop pages explains why the guest could not be seated. */
export function stopWord(problem: Problem) {
  switch (problem.code) {
    case "token_unknown":
    case "code_expired":
    case "too_many_guests":
    case "tap_invalid":
    case "tap_replayed":
    case "tag_unknown":
    case "tag_retired":
      return problem.code;
    case "menu_missing":
    case "no_menu":
      return "no_menu";
    default:
      if (problem.status === 429) return "too_many";
      if (problem.passing) return "passing";
      // Without a code there is nothing to sit down with: no key, or one whose visit is over.
      if ([401, 404, 410].includes(problem.status)) return "no_code";
      return "other";
  }
}

/** Why an order was not taken, and what to do, in the guest's language. */
export function refusedText(problem: Problem): string {
  switch (problem.code) {
    case "table_locked":
    case "menu_only":
    case "presence_expired":
    case "too_many_orders":
    case "session_closed":
    case "quantity_invalid":
    case "menu_version_unknown":
    case "ordering_paused":
      return say(`refused.${problem.code}`);
    default:
      if (problem.status === 429) return say("refused.too_many");
      if (problem.status === 503) return say("refused.unavailable");
      return say("refused.other");
  }
}
