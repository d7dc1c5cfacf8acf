import { expect, test } from "vitest";
import { runOf, trialOf } from "../testing/report-run.ts";
import { thresholdList } from "./thresholds.ts";

function shown(...argv: string[]): string | undefined {
  const run = runOf("r", [trialOf(1, "predecessor", 10, 0), trialOf(2, "leader", 10, 0.2)]);
  const { result } = run;
  return thresholdList([{ ...run, result: { ...result, run: { ...result.run, argv } } }])
    ?.text.replaceAll(/<[^>]*>/g, "")
    .trim();
}

test("a threshold of the run's command is said to hold, or to be missed, with its figure", () => {
  expect(shown("bench", "--ensure", "predecessor.failoverMs.p50<50")).toMatch(
    /^✓ predecessor\.failoverMs\.p50&lt;50 holds with 10 candidates, .*: it is 2\.35\.$/,
  );
  expect(shown("bench", "--ensure=leader.notificationsPerFailover<2")).toMatch(
    /^✗ leader\..* is missed with .*: it is 9\.$/,
  );
});

test("a run without one, or with one of another version, shows none", () => {
  expect(shown("bench", "--quick")).toBeUndefined();
  expect(shown("bench", "--ensure", "predecessor.somethingNew<1")).toBeUndefined();
});
