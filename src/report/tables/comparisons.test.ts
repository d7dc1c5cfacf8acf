import { expect, test } from "vitest";
import { comparisonOf, runOf } from "../../testing/report-run.ts";
import { comparisonTable } from "./comparisons.ts";

/** The cells of the first row. */
function cellsOf(run: ReturnType<typeof runOf>): string[] {
  return [...(comparisonTable([run])?.text ?? "").matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(
    ([, text = ""]) => text,
  );
}

const shown = comparisonOf("leader", 1.05, "slower");

test("a p value stands beside the word that says the same", () => {
  expect(cellsOf(runOf("r", [], [shown])).slice(-2)).toEqual(["&lt; 0.001", "slower"]);
  const none = { ...shown, conclusion: "no difference shown", pValue: 0.081 } as const;
  expect(cellsOf(runOf("r", [], [none])).slice(-2)).toEqual(["0.081", "no difference shown"]);
});

test("and not beside one that says otherwise", () => {
  const none = { ...shown, conclusion: "no difference shown", pValue: 0.03 } as const;
  expect(cellsOf(runOf("r", [], [none])).slice(-2)).toEqual(["–", "no difference shown"]);
});

test("of too few failovers there is neither a ratio nor an interval, but the reason", () => {
  const { ratio: _, interval: __, pValue: ___, conclusion: ____, ...names } = shown;
  const run = runOf("r", []);
  const uncompared = [{ ...names, n: 1, baselineN: 3 }];
  const few = { ...run, result: { ...run.result, analysis: { comparisons: [], uncompared, growth: [] } } };
  expect(cellsOf(few).slice(-4)).toEqual(["–", "–", "–", "too few failovers: 1 and 3"]);
  expect(comparisonTable([few])?.text).toContain("It takes 6 failovers of each to compare.");
});
