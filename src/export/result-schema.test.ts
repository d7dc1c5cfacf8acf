import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { beforeAll, expect, test } from "vitest";
import { warningTypes } from "../metrics/warning.ts";
import { json } from "./json.ts";
import { sampleComparison, sampleFailover, sampleResult, sampleTrial } from "./sample-result.ts";
import { serverCountNames } from "./server-count-names.ts";

let schema: {
  definitions: Record<string, { properties: Record<string, { enum?: unknown; properties?: object }> }>;
};
let validate: ValidateFunction;

beforeAll(async () => {
  schema = JSON.parse(await readFile(join(import.meta.dirname, "result.schema.json"), "utf8"));
  validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);
});

const warning = { type: "outliers", message: "a", hint: "b", failovers: [1] } as const;
const uncompared = {
  scheme: "leader",
  baseline: "predecessor",
  measure: "settledMs",
  candidates: 50,
  fault: "resign",
  sessionTimeoutMs: 4000,
  n: 1,
  baselineN: 3,
} as const;
const growth = {
  scheme: "leader",
  measure: "responseBytes",
  fault: "resign",
  sessionTimeoutMs: 4000,
  exponent: 1.02,
  interval: [0.97, 1.07],
  factor: 0.95,
} as const;

/** All that can be in a result is in it. */
const full = () =>
  JSON.parse(
    json(
      sampleResult({
        trials: [
          sampleTrial({
            warnings: [warning],
            failovers: [sampleFailover({ staleWrites: { attempted: 1, accepted: 0 } })],
          }),
          sampleTrial({
            trial: 2,
            state: "errored",
            reason: "the session is expired",
            blame: "ensemble",
            enrolment: null,
            prediction: null,
            failovers: [sampleFailover({ end: null, successor: null, totalMs: null, server: null })],
            summary: {
              failoverMs: null,
              settledMs: null,
              notificationsPerFailover: null,
              readsPerFailover: null,
              outliers: [],
              overlapMs: null,
              unsafeMs: null,
              staleWrites: null,
            },
          }),
        ],
        analysis: { comparisons: [sampleComparison()], uncompared: [uncompared], growth: [growth] },
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
  // Why a trial did not complete.
  expect(missing).toEqual([
    ["trials", 1, "reason"],
    ["trials", 1, "blame"],
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
  ["an unknown measure", (result: ReturnType<typeof full>) => (result.analysis.growth[0].measure = "mood")],
])("%s is refused", (_what, spoil) => {
  const result = full();
  spoil(result);
  expect(validate(result)).toBe(false);
});

test("the closed sets are those of the code", () => {
  expect(schema.definitions.warning?.properties.type?.enum).toEqual(warningTypes);
  expect(Object.keys(schema.definitions.failover?.properties.server?.properties ?? {})).toEqual(
    serverCountNames,
  );
});

test("docs/reading-results.md explains every field of a trial and every warning", async () => {
  const text = await readFile(join(import.meta.dirname, "..", "..", "docs", "reading-results.md"), "utf8");
  const fields = ["trial", "failover", "summary"].flatMap((name) =>
    Object.keys(schema.definitions[name]?.properties ?? {}),
  );
  // Parts of others: explained where those are.
  const names = [...fields, ...serverCountNames, ...warningTypes].filter(
    (name) => !["enrolment", "reason"].includes(name),
  );
  expect(names.filter((name) => !text.includes(`| \`${name}\` |`))).toEqual([]);
});
