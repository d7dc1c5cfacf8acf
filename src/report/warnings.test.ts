import { expect, test } from "vitest";
import { sampleResult, sampleTrial } from "../testing/samples.ts";
import { qualityLine, warningSection } from "./warnings.ts";

const warning = (type: "outliers" | "cpu-starvation", message: string) =>
  ({ type, message, hint: "run again", failovers: [] }) as const;

/** A bench on a busy machine: every trial has a warning of every kind. */
const trials = Array.from({ length: 20 }, (_, index) =>
  sampleTrial({
    trial: index + 1,
    candidates: index + 2,
    warnings: [warning("outliers", `${index} lie far off`), warning("cpu-starvation", `${index} % taken`)],
  }),
);
const run = (name: string) => ({ name, result: sampleResult({ trials }), histories: [] });

test("each kind of warning has one row in each run, and every single one stands behind", () => {
  const [shown = "", behind = ""] = warningSection([run("first"), run("second")]).text.split("<details>");
  expect(shown.match(/<tr><td/g)).toHaveLength(4);
  expect(shown).toContain("0 lie far off");
  expect(shown).toContain("predecessor, 2 candidates, resign, and 19 more trials");
  expect(behind).toContain("<summary>80 warnings, trial by trial</summary>");
  expect(behind.match(/<tr><td/g)).toHaveLength(80);
});

test("where nothing was seen, it says so", () => {
  const quiet = { ...run("quiet"), result: sampleResult() };
  expect(warningSection([quiet]).text).toContain("None: nothing suggests");
});

test("more than six kinds are folded, the worst are not", () => {
  const types = [
    ...(["clock-cost", "outliers", "too-few-samples", "outside-prediction", "fsync-outliers"] as const),
    ...(["event-loop-delay", "cpu-starvation"] as const),
  ];
  const warnings = types.map((type) => ({
    type,
    message: `seen: ${type}`,
    hint: "run again",
    failovers: [],
  }));
  const busy = { ...run("busy"), result: sampleResult({ trials: [sampleTrial({ warnings })] }) };
  const [shown = "", behind = ""] = warningSection([busy]).text.split(
    "<details><summary>1 more kind</summary>",
  );
  expect(shown.indexOf("event-loop-delay")).toBeLessThan(shown.indexOf("outliers"));
  expect(shown).not.toContain("clock-cost");
  expect(behind).toContain("clock-cost");
  expect(qualityLine([busy]).text).toContain("Quality: seen: cpu-starvation, and 6 more kinds of warning.");
});
