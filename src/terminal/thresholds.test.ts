import { Chalk } from "chalk";
import { expect, test } from "vitest";
import { parseThreshold } from "../metrics/threshold.ts";
import { thresholdsText } from "./thresholds.ts";

const plain = new Chalk({ level: 0 });
const threshold = parseThreshold("predecessor.failoverMs.p99<50");
const outcome = {
  candidates: 5,
  fault: "resign",
  sessionTimeoutMs: 4000,
  value: 51,
  held: false,
  message: "Missed.",
};

test("one that holds has a line, one that was missed has one for each trial", () => {
  expect(thresholdsText([{ threshold, held: true, outcomes: [] }], plain)).toEqual([
    "✓ predecessor.failoverMs.p99<50 holds.",
  ]);
  const outcomes = [outcome, { ...outcome, held: true, message: "Holds." }, outcome];
  expect(thresholdsText([{ threshold, held: false, outcomes }], plain)).toEqual(["✗ Missed.", "✗ Missed."]);
});

test("one of which no trial came to its end says so", () => {
  expect(thresholdsText([{ threshold, held: false, outcomes: [] }], plain)).toEqual([
    "✗ predecessor.failoverMs.p99<50 is missed: no trial that it is about came to its end.",
  ]);
});
