import { Chalk } from "chalk";
import { expect, test } from "vitest";
import { defaultConditions } from "../history/conditions.ts";
import { thresholdsText } from "./thresholds.ts";

const plain = new Chalk({ level: 0 });
const threshold = "predecessor.failoverMs.p99<50";
const outcome = {
  ...defaultConditions,
  candidates: 5,
  value: 51,
  held: false,
  message: "Missed.",
};

test("one that holds has a line, one that was missed has one for each trial", () => {
  const held = { ...outcome, value: 41, held: true, message: "Holds: it is 41." };
  expect(thresholdsText([{ threshold, held: true, outcomes: [held] }], plain)).toEqual([
    "✓ Holds: it is 41.",
  ]);
  const outcomes = [outcome, { ...outcome, held: true, message: "Holds." }, outcome];
  expect(thresholdsText([{ threshold, held: false, outcomes }], plain)).toEqual(["✗ Missed.", "✗ Missed."]);
});

test("one that holds in several trials gives the range", () => {
  const outcomes = [12.3456, 47, 30].map((value) => ({ ...outcome, value, held: true }));
  expect(thresholdsText([{ threshold, held: true, outcomes }], plain)).toEqual([
    "✓ predecessor.failoverMs.p99<50 holds in 3 trials: it is 12.35 to 47.",
  ]);
  const same = [2, 2].map((value) => ({ ...outcome, value, held: true }));
  expect(thresholdsText([{ threshold, held: true, outcomes: same }], plain)).toEqual([
    "✓ predecessor.failoverMs.p99<50 holds in 2 trials: it is 2.",
  ]);
});

test("a line that breaks stays behind its mark", () => {
  const outcomes = [{ ...outcome, message: "It is missed, as it seems." }];
  expect(thresholdsText([{ threshold, held: false, outcomes }], plain, 16)).toEqual([
    "✗ It is missed,\n  as it seems.",
  ]);
});

test("one whose trials were not completed says so", () => {
  expect(thresholdsText([{ threshold, held: false, outcomes: [] }], plain)).toEqual([
    "✗ predecessor.failoverMs.p99<50 is missed: none of its trials was completed.",
  ]);
});
