import { expect, test } from "vitest";
import { rankOf, type Warning, warningTypes } from "../metrics/warning.ts";
import { sampleTrial } from "../testing/samples.ts";
import { warningGroups, warningSentence } from "./warning-groups.ts";

const warning = (type: Warning["type"], message: string): Warning => ({
  type,
  message,
  hint: `what to do about ${type}`,
  failovers: [],
});
const few = warning("too-few-samples", "3 failovers measured");
const outliers = (message: string) => warning("outliers", message);

test("each kind is told once, with its first trial and how many more there are", () => {
  const trials = [
    sampleTrial({ warnings: [few] }),
    sampleTrial({ trial: 2, scheme: "leader", warnings: [outliers("1 of 3"), few] }),
    sampleTrial({ trial: 3, warnings: [outliers("2 of 3"), few] }),
  ];
  expect(warningGroups(trials).map(warningSentence)).toEqual([
    "outliers: 1 of 3 (leader, 50 candidates, resign, and 1 more trial); what to do about outliers",
    "too-few-samples: 3 failovers measured (predecessor, 50 candidates, resign, and 2 more trials); what to do about too-few-samples",
  ]);
});

test("where trials differ in their session timeout, it is told", () => {
  const trials = [sampleTrial({ warnings: [few] }), sampleTrial({ trial: 2, sessionTimeoutMs: 2000 })];
  expect(warningGroups(trials)).toEqual([
    { warning: few, where: "predecessor, 50 candidates, resign, timeout 4000 ms", trials: 1 },
  ]);
});

test("where there is no warning there is no group", () => {
  expect(warningGroups([sampleTrial()])).toEqual([]);
});

test("the worst kind comes first, whichever was seen first", () => {
  const busy = warning("cpu-starvation", "others took 40 %");
  const clock = warning("clock-cost", "1200 ns");
  const trials = [
    sampleTrial({ warnings: [clock, outliers("1 of 3"), few] }),
    sampleTrial({ trial: 2, warnings: [clock, few, busy] }),
  ];
  expect(warningGroups(trials).map((group) => group.warning.type)).toEqual([
    ...["cpu-starvation", "outliers", "too-few-samples", "clock-cost"],
  ]);
});

test("every kind has its rank", () => {
  for (const type of warningTypes) expect(rankOf({ type }), type).toBeGreaterThanOrEqual(0);
});
