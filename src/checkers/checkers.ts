import type { History } from "../history/history.ts";
import { brokenAssumptions } from "./assumptions.ts";
import { type Checker, type Verdict, verdictOf } from "./checker.ts";
import { cleanup } from "./cleanup.ts";
import { fencing } from "./fencing.ts";
import { liveness } from "./liveness.ts";
import { singleLeader } from "./single-leader.ts";
import { succession } from "./succession.ts";
import { watchBound } from "./watch-bound.ts";

export const checkers = {
  singleLeader,
  fencing,
  succession,
  liveness,
  watchBound,
  cleanup,
} as const satisfies Record<string, Checker>;

export type CheckerName = keyof typeof checkers;

export const checkerNames = Object.keys(checkers) as CheckerName[];

/**
 * Every checker's verdict. A checker that cannot judge, for whatever reason, returns "unknown" and says why.
 */
export function judge(history: History): Record<CheckerName, Verdict> {
  const broken = brokenAssumptions(history);
  const verdicts = checkerNames.map((name) => [name, verdictOf(checkers[name], history, broken)] as const);
  return Object.fromEntries(verdicts) as Record<CheckerName, Verdict>;
}
