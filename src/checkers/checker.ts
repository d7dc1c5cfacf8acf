/**
 * Checkers judge a history, and see nothing but the history: so they judge a saved one as well as a fresh one.
 * A verdict has three values, because what a history does not show is neither right nor wrong.
 */
import type { TrialHeader } from "../history/header.ts";
import type { Ending } from "../history/history.ts";
import type { Listener } from "../history/told.ts";
import { count, either, list, literal, number, type Of, object, text } from "../shape.ts";
import type { AssumptionName } from "./assumptions.ts";

/** One thing that must not have happened, and where to look for it. */
const evidence = object({
  at: number("In nanoseconds since the run's origin, as in the history."),
  message: text(),
  candidates: list(count()),
});

export type Evidence = Of<typeof evidence>;

export const verdict = either(
  object({ valid: literal(true) }),
  object({ valid: literal(false), evidence: list(evidence) }),
  object({ valid: literal("unknown"), reason: text() }),
);

export type Verdict = Of<typeof verdict>;

export interface Checker {
  readonly name: string;
  /** What must hold of a history before this checker can judge it. */
  readonly assumes: readonly AssumptionName[];
  /** A trial begins. */
  begin(header: TrialHeader): Judgement;
}

/**
 * Judges one trial as its history is told. It keeps what is not settled yet, a few numbers of each contender
 * and what it has found, but no events: so a trial may be as long as it likes.
 */
export interface Judgement extends Listener {
  /** When all is told. The same history gets the same verdict. */
  verdict(ending: Ending): Verdict;
}

/** One false is false, and one unknown leaves the whole unknown, as does having judged nothing. */
export function worst(verdicts: Iterable<Verdict>): Verdict["valid"] {
  const values = new Set([...verdicts].map(({ valid }) => valid));
  if (values.has(false)) return false;
  return values.has("unknown") || values.size === 0 ? "unknown" : true;
}
