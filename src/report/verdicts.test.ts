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

test("much evidence is folded behind its first pieces, and a fence that was to be off is excused", () => {
  const evidence = Array.from({ length: 15 }, (_, index) => ({
    at: index * 1e6,
    message: `write ${index}`,
    candidates: [],
  }));
  const verdicts = { ...trial.verdicts, fencing: { valid: false, evidence } } as const;
  const { text } = verdictSection([runOf("r", [{ ...trial, counter: "unguarded", verdicts }])]);
  const [shown = "", behind = ""] = text.split("<summary>12 more</summary>");
  expect(shown.match(/href="#timeline=/g)).toHaveLength(3);
  expect(behind.match(/href="#timeline=/g)).toHaveLength(12);
  expect(shown).toContain("(the fence was off, as requested)");
  expect(textOf({ ...trial, counter: "guarded", verdicts })).not.toContain("as requested");
});
