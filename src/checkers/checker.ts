/**
 * Checkers judge a history, and see nothing else: so they judge a saved one as well as a fresh one. A verdict
 * has three values, because what a history does not show is neither right nor wrong.
 */
import type { WindowListener } from "../history/explained-windows.ts";
import type { TrialHeader } from "../history/header.ts";
import type { Ending } from "../history/history.ts";
import { count, either, list, literal, number, type Of, object, text } from "../shape.ts";
import type { AssumptionName } from "./assumptions.ts";

/** One event that must not have happened, and where to look for it. */
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
  /** Assumptions about the history that this checker needs. */
  readonly assumes: readonly AssumptionName[];
  /** Begins a trial. */
  begin(header: TrialHeader): Judgement;
}

/**
 * Judges one trial while its history is told. It keeps what is not settled yet, a few numbers for each
 * contender and its findings, but no events: so a trial may be of any length.
 */
export interface Judgement extends WindowListener {
  /** The verdict once everything is told. The same history gets the same verdict. */
  verdict(ending: Ending): Verdict;
}

/** One false makes the whole false, and one unknown leaves it unknown, as does having judged nothing. */
export function worst(verdicts: Iterable<Verdict>): Verdict["valid"] {
  const values = new Set([...verdicts].map(({ valid }) => valid));
  if (values.has(false)) return false;
  return values.has("unknown") || values.size === 0 ? "unknown" : true;
}
