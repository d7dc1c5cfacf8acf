import { expect, test } from "vitest";
import type { TrialResult } from "../../export/result.ts";
import { runOf, trialOf } from "../../testing/report-run.ts";
import { sampleStatistics } from "../../testing/samples.ts";
import { oldLeaderTable } from "./old-leaders.ts";

function frozen(counter: TrialResult["counter"], unsafeMs: number, accepted: number): TrialResult {
  const trial = trialOf(1, "predecessor", 10, 0);
  return {
    ...trial,
    fault: "freeze",
    counter,
    summary: {
      ...trial.summary,
      overlapMs: sampleStatistics({ p50: 600 }),
      unsafeMs: sampleStatistics({ p50: unsafeMs, max: 7 }),
      staleWrites: { attempted: 5, accepted },
    },
  };
}

/** The figures of the first row. */
const cells = (trial: TrialResult) =>
  [...(oldLeaderTable([runOf("r", [trial])])?.text ?? "").matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(
    ([, cell]) => cell,
  );

test("shows what was believed, what could be done, and what was", () => {
  expect(cells(frozen("guarded", 6, 0)).slice(0, -1)).toEqual(
    ["predecessor", "10", "freeze", "4 000", "on", "5", "0", "600", "6.00", "7.00"].map((text) =>
      text.replace(" ", "\u202f"),
    ),
  );
});

test("says what the longest time and the colours of the bar mean", () => {
  const text = oldLeaderTable([runOf("r", [frozen("guarded", 6, 0)])])?.text;
  expect(text).toContain("longest unsafe, ms");
  expect(text).toContain("red is unsafe and grey the overlap");
});

test("harm is marked, and that the fence was off", () => {
  const row = cells(frozen("unguarded", 600, 5));
  expect(row).toContain("OFF");
  expect(row).toContain('<span class="bad">5</span>');
});

test("the bar's parts are to one scale", () => {
  const widths = (trial: TrialResult) => [
    ...(cells(trial).at(-1) ?? "").matchAll(/ x="0" y="\d" width="([\d.]+)"/g),
  ];
  expect(widths(frozen("guarded", 60, 0)).map(([, width]) => width)).toEqual(["90.0", "9.0"]);
});

test("where no leader could be left behind there is no table", () => {
  expect(oldLeaderTable([runOf("r", [trialOf(1, "leader", 10, 0.2)])])).toBeNull();
});
