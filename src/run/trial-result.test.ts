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

test("a trial whose silence nobody knows has no prediction, whatever time its failovers take", () => {
  const story = new Story({ fault: "of-mine", silentMs: null }).joins(0, 0).claims(0, 0).joins(0, 1);
  const history = story.fault(10, 1, 0).claims(19, 1).settles(30, 1).ends(40, 0, "expired").told();
  const observations = sampleObservations();
  const trial = trialResult({ ...history, observations }, 1, sampleResult().environment);
  expect(trial).toMatchObject({ expects: { leader: "next", silentMs: null }, prediction: null });
  expect(trial.warnings.map(({ type }) => type)).not.toContain("outside-prediction");
});

test.each([
  ["cut", true],
  ["slow", true],
  ["server-pause", false],
  ["both", false],
])("under %s, that others were cut off is worth a warning: %s", (fault, isWarned) => {
  const story = new Story({ fault, leader: "same", contendersStay: true })
    .joins(0, 0)
    .claims(0, 0)
    .joins(0, 1);
  const history = story.fault(10, 1, 0).suspends(20, 1).connects(30, 1).settles(40, 1).told();
  const { warnings } = trialResult(
    { ...history, observations: sampleObservations() },
    1,
    sampleResult().environment,
  );
  expect(warnings.some(({ type }) => type === "unexpected-disconnect")).toBe(isWarned);
});

test("a fault of another version is known to strike servers by what it did", () => {
  const story = new Story({ fault: "another", leader: "same", contendersStay: true, failovers: 2 });
  story.joins(0, 0).claims(0, 0).joins(0, 1);
  story.fault(10, 1, 0).suspends(20, 1).connects(30, 1).settles(40, 1);
  story.fault(110, 2, 0).event(111, -1, "server", { server: 1, state: "killed" });
  const history = story.suspends(120, 1).connects(130, 1).settles(140, 2).told();
  const observations = sampleObservations();
  expect(trialResult({ ...history, observations }, 1, sampleResult().environment).warnings).toContainEqual(
    expect.objectContaining({ type: "unexpected-disconnect", failovers: [1] }),
  );
});
