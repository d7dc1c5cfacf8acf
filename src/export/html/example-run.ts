/** A made-up run for tests of the report: of given histories, with nothing measured and no fault found. */
import type { Verdict } from "../../checkers/checker.ts";
import type { CheckerName } from "../../checkers/checkers.ts";
import { conditionsOf } from "../../history/conditions.ts";
import type { History } from "../../history/history.ts";
import { Story } from "../../history/story.ts";
import { summariseTrial } from "../../metrics/summary.ts";
import { sampleResult, sampleTrial } from "../sample-result.ts";
import type { ReportRun } from "./report-run.ts";

export function exampleRun(
  histories: readonly History[],
  verdicts: Partial<Record<CheckerName, Verdict>> = {},
): ReportRun {
  const trials = histories.map(({ header: { trial, scheme, counter, ...rest } }) =>
    sampleTrial({
      ...{ trial, scheme, counter, ...conditionsOf(rest) },
      ...{ enrolment: null, failovers: [], summary: summariseTrial([], 1), prediction: null },
      verdicts: { ...sampleTrial().verdicts, ...verdicts },
    }),
  );
  return { name: "example", histories, result: sampleResult({ trials }) };
}

/** Three candidates, and as many failovers as told, 100 ms apart; under another scheme all are woken. */
export function exampleHistory(scheme: string, trial = 1): History {
  const herd = scheme !== "predecessor";
  const told = new Story({ trial, scheme, candidates: 3, failovers: 2, notifications: herd ? 2 : 1 });
  const watch = (ms: number, candidate: number, sequence: number) =>
    told.event(ms, candidate, "armed", { watch: "contender", sequence });
  told.joins(1, 0, 0).claims(2, 0).joins(3, 1, 1);
  watch(4, 1, 0);
  told.joins(5, 2, 2);
  watch(6, 2, herd ? 0 : 1);
  told.event(7, -1, "enrolled", { candidates: 3 });
  told.fault(100, 1, 0).ends(100.1, 0, "resigned").removes(101, 0);
  told.event(102, 1, "notified", { watch: "contender", sequence: 0 }).looks(103, 1).claims(104, 1);
  if (herd) {
    told.event(103, 2, "notified", { watch: "contender", sequence: 0 }).looks(105, 2);
    watch(107, 2, 1);
  }
  told.settles(110, 1);
  told.joins(120, 0, 3);
  watch(122, 0, herd ? 1 : 2);
  told.fault(200, 2, 1).ends(200.1, 1, "resigned").removes(201, 1);
  told.event(203, 2, "notified", { watch: "contender", sequence: 1 }).looks(204, 2).claims(206, 2);
  return told.settles(210, 2).told();
}
