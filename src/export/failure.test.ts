import { expect, test } from "vitest";
import { sampleResult, sampleTrial } from "../testing/samples.ts";
import { failureOf } from "./failure.ts";

const { run } = sampleResult();
const errored = (trial: number) => sampleTrial({ trial, state: "errored", reason: "the session is expired" });

test("a run failed where a trial did", () => {
  const result = sampleResult({ run: { ...run, plannedTrials: 3 }, trials: [sampleTrial(), errored(2)] });
  expect(failureOf(result, "The run")).toBe("The run failed in trial 2 of 3: the session is expired");
  expect(failureOf({ ...result, trials: [sampleTrial()] }, "The run")).toBeNull();
  expect(failureOf({ ...result, trials: [sampleTrial({ state: "aborted" })] }, "The run")).toBeNull();
});

test("where several did, the first is named", () => {
  const result = sampleResult({
    run: { ...run, plannedTrials: 9 },
    trials: [errored(4), errored(5), errored(6)],
  });
  expect(failureOf(result, "B")).toBe("B failed in trial 4 of 9 and 2 more: the session is expired");
});

test("an earlier version's run does not tell how many trials it was to have", () => {
  const result = sampleResult({ run: { ...run, plannedTrials: null }, trials: [errored(1)] });
  expect(failureOf(result, "The run")).toBe("The run failed in trial 1: the session is expired");
});
