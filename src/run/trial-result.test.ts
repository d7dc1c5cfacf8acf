import { expect, test } from "vitest";
import { sampleObservations, sampleResult } from "../testing/samples.ts";
import { Story } from "../testing/story.ts";
import { trialResult } from "./trial-result.ts";

test("conditions name the session timeout that was asked for, and theory uses the one that was granted", () => {
  const story = new Story({ fault: "freeze", sessionTimeoutMs: 1000, silentMs: 1000 })
    .joins(0, 0)
    .claims(0, 0)
    .joins(0, 1);
  const history = story.fault(10, 1, 0).claims(4100, 1).settles(4110, 1).ends(4200, 0, "expired").told();
  const observations = sampleObservations({ grantedTimeoutsMs: [4000] });
  const trial = trialResult({ ...history, observations }, 1, sampleResult().environment);
  expect(trial).toMatchObject({ sessionTimeoutMs: 1000, prediction: { inside: 1, outside: [] } });
  expect(trial.warnings.map(({ type }) => type)).toEqual(["too-few-samples", "session-timeout-changed"]);
});
