/** The JSON Schema of `result.json`, which is part of the package. */
import { verdict } from "../checkers/checker.ts";
import { failover, staleWrites } from "../metrics/figures.ts";
import { statistics } from "../metrics/statistics.ts";
import { prediction } from "../metrics/theory.ts";
import { thresholdCheck } from "../metrics/threshold-check.ts";
import { warning } from "../metrics/warning.ts";
import type { Shape } from "../shape.ts";
import { RESULT_SCHEMA, resultShape, trialShape } from "./result.ts";

/** Code generators turn these names into types. */
const definitions = {
  trial: trialShape,
  failover,
  staleWrites,
  statistics,
  verdict,
  prediction,
  warning,
  threshold: thresholdCheck,
} as const satisfies Record<string, Shape>;

/** Has a newline at its end. */
export function resultSchema(): string {
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: RESULT_SCHEMA,
    title: "result.json of zk-election-lab",
    ...referring(resultShape),
    definitions: Object.fromEntries(
      Object.entries(definitions).map(([name, shape]) => [name, referring(shape)]),
    ),
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

/** Refers to the definitions for parts that are among them. */
function referring(shape: Shape): object {
  const names = new Map<unknown, string>(Object.entries(definitions).map(([name, one]) => [one, name]));
  const text = JSON.stringify(shape, (_, value) =>
    value !== shape && names.has(value) ? { $ref: `#/definitions/${names.get(value)}` } : value,
  );
  return JSON.parse(text);
}
