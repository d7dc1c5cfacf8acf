import { expect, test } from "vitest";
import type { TrialResult } from "../export/result.ts";
import { comparisonOf, runOf, sampleRun, trialOf } from "../testing/report-run.ts";
import type { ReportRun } from "./report-run.ts";
import { scoreboard } from "./scoreboard.ts";

const text = (...runs: ReportRun[]) => scoreboard(runs)?.text ?? "";
const plain = (markup: string) =>
  markup
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();

/** The first table, row by row. */
function rowsOf(...runs: ReportRun[]): string[] {
  const [table = ""] = text(...runs).match(/<table.*?<\/table>/s) ?? [];
  return [...table.matchAll(/<tr role="row">(.*?)<\/tr>/gs)].map(([, row = ""]) => plain(row));
}

test("has a row for each scheme, with what it watches, under each of the conditions: the largest first", () => {
  expect(rowsOf(sampleRun())).toEqual([
    "scheme woken reads bytes p50 [95 %] p99 quiet correct",
    "100 candidates, resign",
    expect.stringMatching(
      /^predecessor watches the contender just before it 1 1 – 2\.35 \S+ – \S+ \S+ 2\.35 ✓ yes$/,
    ),
    expect.stringMatching(/^leader watches the leader 99 99 – 22\.4 /),
    "10 candidates, resign",
    expect.stringMatching(/^predecessor /),
    expect.stringMatching(/^leader /),
  ]);
});

test("the best is bold only where a difference is shown", () => {
  const [fast, slow] = [trialOf(1, "predecessor", 100, 0), trialOf(2, "leader", 100, 0.2)];
  const bold = (...runs: ReportRun[]) =>
    [...text(...runs).matchAll(/<b>(.*?)<\/b>/g)].map(([, figure]) => figure);
  expect(bold(runOf("r", [fast, slow], [comparisonOf("leader", 9.8, "slower")]))).toEqual(["1", "1", "2.35"]);
  expect(bold(runOf("r", [fast, slow], [comparisonOf("leader", 1.1, "no difference shown")]))).toEqual([
    "1",
    "1",
  ]);
  const heir = trialOf(3, "heir", 100, 0);
  expect(bold(runOf("r", [fast, heir], [comparisonOf("heir", 0.5, "faster")]))).toEqual(["2.35"]);
});

test("has the terminal's sentence for each comparison", () => {
  expect(plain(text(sampleRun()))).toContain(
    "With 100 candidates, watching the leader woke 99 candidates per failover, the predecessor scheme 1; " +
      "failover was 9.8 times slower (8.8–10.8).",
  );
});

test("of one trial it is one row, and of a user's own scheme nobody says what it watches", () => {
  const rows = rowsOf(runOf("r", [trialOf(1, "mine", 10, 0)]));
  expect(rows).toHaveLength(3);
  expect(rows.join()).not.toContain("watches");
});

test("a trial that is not correct, or did not end, leads to the reasons", () => {
  const evidence = [{ at: 5, message: "two leaders", candidates: [1, 2] }];
  const trial = trialOf(1, "predecessor", 10, 0);
  const wrong: TrialResult = {
    ...trial,
    verdicts: { ...trial.verdicts, singleLeader: { valid: false, evidence } },
  };
  expect(rowsOf(runOf("r", [wrong])).at(-1)).toMatch(/ ✗ NO$/);
  expect(text(runOf("r", [{ ...trial, state: "errored", reason: "it broke" }]))).toContain(
    '<a class="warn" href="#verdicts">✓ yes, errored</a>',
  );
});

test("more than four conditions are folded, and so are the tables of all trials", () => {
  const trials = [10, 20, 30, 40, 50, 60].map((candidates, index) =>
    trialOf(index + 1, "leader", candidates, 0),
  );
  const [shown = "", behind = ""] = text(runOf("r", trials)).split(
    "<details><summary>2 more conditions</summary>",
  );
  expect(shown.match(/scope="rowgroup"/g)).toHaveLength(4);
  expect(shown).toContain("60 candidates");
  expect(behind.match(/scope="rowgroup"/g)).toHaveLength(2);
  expect(behind).toContain("<summary>The figures of every trial</summary>");
});

test("of several runs each condition names its run", () => {
  expect(rowsOf(sampleRun("before"), sampleRun("after"))).toContain("after: 100 candidates, resign");
});

test("without a trial there is none", () => {
  expect(scoreboard([runOf("r", [])])).toBeNull();
});
