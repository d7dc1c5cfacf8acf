import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { defaultConditions } from "../history/conditions.ts";
import { serverDifference } from "../history/server-difference.ts";
import { failover } from "../metrics/figures.ts";
import { trialSummary } from "../metrics/summary.ts";
import { parseThreshold } from "../metrics/threshold.ts";
import { checkThreshold } from "../metrics/threshold-check.ts";
import { warningTypes } from "../metrics/warning.ts";
import type { Shape } from "../shape.ts";
import {
  countedFailover,
  sampleComparison,
  sampleCrowd,
  sampleGrowth,
  sampleModel,
  sampleResult,
  sampleTrial,
} from "../testing/samples.ts";
import { json } from "./json.ts";
import { trialShape } from "./result.ts";
import { resultSchema } from "./result-schema.ts";

const validate = new Ajv({ allErrors: true }).compile(JSON.parse(resultSchema()));

const warning = { type: "outliers", message: "a", hint: "b", failovers: [1] } as const;
const uncompared = {
  scheme: "leader",
  baseline: "predecessor",
  measure: "settledMs",
  ...defaultConditions,
  n: 1,
  baselineN: 3,
} as const;
/** Contains everything that can be in a result. */
const full = () =>
  JSON.parse(
    json(
      sampleResult({
        trials: [
          sampleTrial({
            warnings: [warning],
            crowd: sampleCrowd(),
            failovers: [countedFailover({ staleWrites: { attempted: 1, accepted: 0 } })],
          }),
          sampleTrial({
            trial: 2,
            state: "errored",
            reason: "the session is expired",
            blame: "ensemble",
            enrolment: null,
            prediction: null,
            failovers: [countedFailover({ end: null, successor: null, totalMs: null, server: null })],
            summary: {
              failoverMs: null,
              settledMs: null,
              notificationsPerFailover: null,
              leadersPerFailover: null,
              readsPerFailover: null,
              outliers: [],
              overlapMs: null,
              unsafeMs: null,
              gapMs: null,
              staleWrites: null,
            },
          }),
        ],
        analysis: {
          comparisons: [sampleComparison()],
          uncompared: [uncompared],
          growth: [sampleGrowth({ measure: "responseBytes" })],
          models: [sampleModel()],
        },
        thresholds: [
          checkThreshold(parseThreshold("predecessor.failoverMs.p50<9"), [sampleTrial()]),
          checkThreshold(parseThreshold("predecessor.failoverMs.p50<9"), []),
        ],
      }),
    ),
  );

test("a result is right by the schema, with all that can be in it", () => {
  validate(full());
  expect(validate.errors).toBeNull();
});

test("a field that a later version adds is no fault", () => {
  const result = full();
  result.later = result.trials[0].later = result.trials[0].failovers[0].server.later = 1;
  validate(result);
  expect(validate.errors).toBeNull();
});

/** The paths to all fields, with the keys of lists and objects between them. */
function paths(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const key = Array.isArray(value) ? Number(name) : name;
    return [...(Array.isArray(value) ? [] : [[...path, key]]), ...paths(inner, [...path, key])];
  });
}

test("every field that this version writes is required", () => {
  const missing = paths(full()).filter((path) => {
    const result = full();
    let holder = result;
    for (const key of path.slice(0, -1)) holder = holder[key];
    delete holder[path.at(-1) ?? ""];
    return validate(result);
  });
  // These were measured only if asked for, or say why a trial did not complete.
  expect(missing).toEqual([
    ["trials", 0, "crowd"],
    ["trials", 1, "reason"],
    ["trials", 1, "blame"],
    ["analysis", "models"],
    ["analysis", "models", 0, "costs", "once"],
    ["analysis", "models", 0, "costs", "perPair"],
  ]);
});

test.each([
  ["an unknown command", (result: ReturnType<typeof full>) => (result.run.command = "labor")],
  ["an unknown warning", (result: ReturnType<typeof full>) => (result.trials[0].warnings[0].type = "mood")],
  ["a trial 0", (result: ReturnType<typeof full>) => (result.trials[0].trial = 0)],
  [
    "a count that is a text",
    (result: ReturnType<typeof full>) => (result.trials[0].failovers[0].server.cpuMs = "1"),
  ],
  [
    "a failover without its time",
    (result: ReturnType<typeof full>) => (result.trials[0].failovers[0].atMs = null),
  ],
  [
    "an interval with one end",
    (result: ReturnType<typeof full>) => result.analysis.comparisons[0].interval.pop(),
  ],
  [
    "an unknown conclusion",
    (result: ReturnType<typeof full>) => (result.analysis.comparisons[0].conclusion = "?"),
  ],
  [
    "a threshold that neither held nor did not",
    (result: ReturnType<typeof full>) => (result.thresholds[0].held = null),
  ],
  ["an unknown measure", (result: ReturnType<typeof full>) => (result.analysis.growth[0].measure = "mood")],
])("%s is refused", (_what, spoil) => {
  const result = full();
  spoil(result);
  expect(validate(result)).toBe(false);
});

/** A row for each field; if a whole has no description, one for each of its parts. */
function rowsOf(shape: Shape, prefix = ""): string[] {
  const { properties = {} } = shape as { properties?: Record<string, Described> };
  return Object.entries(properties).flatMap(([name, part]) => {
    if (part.description !== undefined) return `| \`${prefix}${name}\` | ${part.description} |`;
    return [part, ...(part.anyOf ?? [])].flatMap((one) => rowsOf(one, `${name}.`));
  });
}

interface Described extends Shape {
  readonly description?: string;
  readonly anyOf?: readonly Shape[];
}

/** Replaces the table of fields below a heading. */
function withTable(docs: string, heading: string, shape: Shape): string {
  const [head = "", rest = ""] = docs.split(`\n${heading}\n`);
  const table = /\| field \| .*\n\| --- \| --- \|\n(?:\|.*\n)+/;
  const title = "| field | what it is, and what it tells |\n| --- | --- |\n";
  return `${head}\n${heading}\n${rest.replace(table, () => `${title}${rowsOf(shape).join("\n")}\n`)}`;
}

test("docs/reading-results.md says of every field what the code says (--update writes it)", async () => {
  const file = join(import.meta.dirname, "..", "..", "docs", "reading-results.md");
  const docs = [
    ["## A trial", trialShape],
    ["## A failover", failover],
    ["### Server counts", serverDifference],
    ["## The summary of a trial", trialSummary],
  ] as const;
  const text = docs.reduce(
    (written, [heading, shape]) => withTable(written, heading, shape),
    await readFile(file, "utf8"),
  );
  await expect(text).toMatchFileSnapshot(file);
  expect(warningTypes.filter((name) => !text.includes(`| \`${name}\` |`))).toEqual([]);
});
