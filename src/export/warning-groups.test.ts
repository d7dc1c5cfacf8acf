import { expect, test } from "vitest";
import type { Warning } from "../metrics/warning.ts";
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
    "too-few-samples: 3 failovers measured (predecessor, 50 candidates, resign, and 2 more trials); what to do about too-few-samples",
    "outliers: 1 of 3 (leader, 50 candidates, resign, and 1 more trial); what to do about outliers",
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
