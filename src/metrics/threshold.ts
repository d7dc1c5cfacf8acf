/**
 * Thresholds that a run must keep, as given by `--ensure`: `predecessor.failoverMs.p99<50`, only under certain
 * conditions `leader[candidates=50,fault=resign].server.lists<=49`, or as a ratio of two schemes under the same
 * conditions `leader/predecessor.failoverMs.p50>2`. A threshold must hold in every trial that it applies to.
 */

import {
  type Axis,
  axes,
  axisNames,
  type Conditions,
  isAxisName,
  sameConditions,
} from "../history/conditions.ts";
import { LabError } from "../lab-error.ts";
import { type Measure, measureHelp, measureNamed } from "./threshold-measure.ts";

const operators = {
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  ">": (value, limit) => value > limit,
  ">=": (value, limit) => value >= limit,
} as const satisfies Record<string, (value: number, limit: number) => boolean>;
type Operator = keyof typeof operators;

export interface Threshold {
  /** The text as given. */
  readonly text: string;
  readonly scheme: string;
  /** The scheme to divide by, in a ratio. */
  readonly divisor: string | null;
  readonly filters: Partial<Conditions>;
  readonly measure: Measure;
  readonly operator: Operator;
  readonly limit: number;
}

const SYNTAX =
  /^(?<scheme>[\w-]+)(?:\/(?<divisor>[\w-]+))?(?:\[(?<filters>[^\]]*)\])?\.(?<measure>[\w.]+)\s*(?<operator>[<>]=?)\s*(?<limit>\d+(?:\.\d+)?)$/;

const EXAMPLE = "predecessor.failoverMs.p99<50, or leader/predecessor[candidates=50].failoverMs.p50>2";

export function parseThreshold(text: string): Threshold {
  const parts = SYNTAX.exec(text.trim())?.groups;
  if (parts === undefined) throw wrong(text, `write it like ${EXAMPLE}`);
  const { scheme = "", divisor = null, filters, measure: name = "", operator = "", limit } = parts;
  const measure = measureNamed(name);
  if (measure === null) throw wrong(text, `there is no measure ${name}; choose from ${measureHelp}`);
  if (!isOperator(operator)) throw wrong(text, `compare with ${Object.keys(operators).join(", ")}`);
  return {
    ...{ text: text.trim(), scheme, divisor, filters: filtersOf(text, filters) },
    ...{ measure, operator, limit: Number(limit) },
  };
}

export function keeps({ operator, limit }: Threshold, value: number): boolean {
  return operators[operator](value, limit);
}

/** Whether it applies to a trial under these conditions, with any scheme. */
export function concerns({ filters }: Threshold, conditions: Conditions): boolean {
  return sameConditions(conditions, { ...conditions, ...filters });
}

/** Throws if no planned trial could keep or miss it: it would hold without having been checked. */
export function mustApply(
  threshold: Threshold,
  planned: readonly (Conditions & { readonly scheme: string })[],
): void {
  if (appliesTo(threshold, planned)) return;
  const ran = planned.map((trial) => `${trial.scheme}[${axisNames.map((name) => `${name}=${trial[name]}`)}]`);
  const shown = ran.slice(0, 4).join(", ") + (ran.length > 4 ? `, and ${ran.length - 4} more` : "");
  throw wrong(threshold.text, `it applies to no trial of this run; there are ${shown || "none"}`);
}

/** Whether it applies to a planned trial; for a ratio, to each of the two schemes under the same conditions. */
export function appliesTo(
  threshold: Threshold,
  planned: readonly (Conditions & { readonly scheme: string })[],
): boolean {
  const matching = planned.filter((trial) => concerns(threshold, trial));
  const { scheme, divisor } = threshold;
  return matching.some(
    (trial) =>
      trial.scheme === scheme &&
      (divisor === null ||
        matching.some((other) => other.scheme === divisor && sameConditions(trial, other))),
  );
}

const FILTERS = new Intl.ListFormat("en-GB", { type: "disjunction" }).format(
  axisNames.map((name) => `${name}=${axes[name].range === null ? "NAME" : "N"}`),
);

function filtersOf(text: string, filters: string | undefined): Partial<Conditions> {
  if (filters === undefined) return {};
  const known: Record<string, string | number> = {};
  for (const filter of filters.split(",").map((part) => part.trim())) {
    const [, key, value = ""] = /^(\w+)\s*=\s*([\w.±+/:=%-]+)$/.exec(filter) ?? [];
    if (key === undefined || !isAxisName(key)) throw wrong(text, `in the brackets, write ${FILTERS}`);
    if (key in known) throw wrong(text, `${key} is in the brackets twice; leave one out`);
    const { range, canonical }: Axis<number> | Axis<string> = axes[key];
    if (range === null) known[key] = canonical?.(value) ?? value;
    else if (/^\d+$/.test(value)) known[key] = Number(value);
    else throw wrong(text, `give ${key} as a whole number`);
  }
  return known;
}

function isOperator(text: string): text is Operator {
  return Object.hasOwn(operators, text);
}

function wrong(text: string, advice: string): LabError {
  // Characters that would disturb a terminal are made visible.
  const quoted = /\p{C}/u.test(text) ? JSON.stringify(text) : `'${text}'`;
  return new LabError("usage", `--ensure ${quoted}: ${advice}`);
}
