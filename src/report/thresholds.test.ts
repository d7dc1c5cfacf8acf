import { expect, test } from "vitest";
import { parseThreshold } from "../metrics/threshold.ts";
import { checkThreshold } from "../metrics/threshold-check.ts";
import { runOf, trialOf } from "../testing/report-run.ts";
import { thresholdList } from "./thresholds.ts";

const run = runOf("r", [trialOf(1, "predecessor", 10, 0), trialOf(2, "leader", 10, 0.2)]);

function shown(...texts: string[]): string | undefined {
  const thresholds = texts.map((text) => checkThreshold(parseThreshold(text), run.result.trials));
  return thresholdList([{ ...run, result: { ...run.result, thresholds } }])
    ?.text.replaceAll(/<[^>]*>/g, "")
    .trim();
}

test("a threshold of the run is said to hold, or to be missed, with its figure", () => {
  expect(shown("predecessor.failoverMs.p50<50")).toMatch(
    /^✓ predecessor\.failoverMs\.p50&lt;50 holds with 10 candidates, .*: it is 2\.35\.$/,
  );
  expect(shown("leader.notificationsPerFailover<2")).toMatch(/^✗ leader\..* is missed with .*: it is 9\.$/);
});

test("it is shown as the run was judged, whatever its figures and its command say", () => {
  const message = "an earlier rule holds.";
  const { trials } = run.result;
  const [outcome] = checkThreshold(parseThreshold("leader.failoverMs.p50<1"), trials).outcomes;
  const outcomes = outcome === undefined ? [] : [{ ...outcome, held: true, message }];
  const thresholds = [{ threshold: "leader.somethingOld<1", held: true, outcomes }];
  expect(thresholdList([{ ...run, result: { ...run.result, thresholds } }])?.text).toContain(message);
});

test("a run without one shows none, nor does one that did not record them", () => {
  expect(shown()).toBeUndefined();
  const argv = ["bench", "--ensure", "predecessor.failoverMs.p50<50"];
  const old = { ...run.result, run: { ...run.result.run, argv }, thresholds: null };
  expect(thresholdList([{ ...run, result: old }])).toBeNull();
});
