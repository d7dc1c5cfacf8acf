import { expect, test } from "vitest";
import type { TrialResult } from "../export/result.ts";
import { runOf, trialOf } from "../testing/report-run.ts";
import { verdictSection } from "./verdicts.ts";

const trial = trialOf(1, "predecessor", 10, 0);
const textOf = (...trials: readonly TrialResult[]) =>
  verdictSection([runOf("r", trials)])
    .text.replaceAll(/<[^>]*>/g, "")
    .replaceAll("\n", " ");

test("where every verdict is valid, it says yes", () => {
  expect(textOf(trial)).toMatch(
    /Yes: single leader, .* hold in the trial, judged from the histories alone\.$/,
  );
});

test("of a trial that failed it says so before its verdicts", () => {
  const cleanup = {
    valid: false,
    evidence: [{ at: 5e6, message: "2 znodes are left", candidates: [] }],
  } as const;
  const broken = { ...trial, state: "errored", reason: "the session is expired" } as const;
  expect(textOf({ ...broken, verdicts: { ...trial.verdicts, cleanup } })).toContain(
    "errored trial 1 (predecessor, 10 candidates, resign): the session is expired" +
      "cleanup: FALSE in trial 1 (predecessor, 10 candidates, resign)2 znodes are left, 5.00 ms into the run",
  );
  expect(textOf(broken)).toMatch(/^.*Yes: .*alone\.errored trial 1 .*: the session is expired$/);
});
