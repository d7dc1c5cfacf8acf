import { explain } from "../history/explained-windows.ts";
import type { TrialHeader } from "../history/header.ts";
import type { History } from "../history/history.ts";
import { chronicleOf } from "../history/told.ts";
import type { Checker, Verdict } from "./checker.ts";
import { cleanup } from "./cleanup.ts";
import { expectation } from "./expectation.ts";
import { fencing } from "./fencing.ts";
import { liveness } from "./liveness.ts";
import { singleLeader } from "./single-leader.ts";
import { succession } from "./succession.ts";
import { TrialJudgement } from "./trial-judgement.ts";
import { watchBound } from "./watch-bound.ts";

export const checkers = {
  singleLeader,
  fencing,
  succession,
  liveness,
  watchBound,
  expectation,
  cleanup,
} as const satisfies Record<string, Checker>;

export type CheckerName = keyof typeof checkers;

export const checkerNames = Object.keys(checkers) as CheckerName[];

/** Begins to judge a trial. */
export function judgementOf(header: TrialHeader): TrialJudgement<CheckerName> {
  return new TrialJudgement(checkers, header);
}

/** Every checker's verdict on a complete history. */
export function judge(history: History): Record<CheckerName, Verdict> {
  return explain(chronicleOf(history), judgementOf(history.header)).verdicts(history);
}
