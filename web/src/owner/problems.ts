import { asProblem } from "../lib/problem";
import { problemText } from "../lib/words/lib";

/** A sentence for the owner: what kind of trouble it is and, when the device refused, its own words why. */
export function problemSentence(error: unknown): string {
  const problem = asProblem(error);
  const kind = problemText(problem);
  return problem.definite && problem.detail ? `${kind} ${problem.detail}` : kind;
}
