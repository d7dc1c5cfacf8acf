/**
 * What follows from the trials of a run together: schemes compared, and growth with the number of candidates.
 * Only complete failovers count: one that was given up has not shown what it costs.
 */
import { type Comparison, compare, type TooFew, tooFew } from "./comparison.ts";
import { type Conditions, conditionKey, conditionsOf } from "./conditions.ts";
import type { Failover } from "./failover.ts";
import { groupsOf } from "./groups.ts";
import { fitGrowth, type Growth } from "./growth.ts";

/** What is held against what. */
export interface Compared extends Conditions {
  readonly scheme: string;
  /** The scheme that it is compared with. */
  readonly baseline: string;
  readonly measure: "failoverMs" | "settledMs";
}

export type SchemeComparison = Compared & Comparison;

/** What would have been compared, had there been enough failovers. */
export type Uncompared = Compared & TooFew;

export type SchemeGrowth = Omit<Conditions, "candidates"> &
  Growth & {
    readonly scheme: string;
    readonly measure: "settledMs" | "notifications" | "responseBytes";
  };

export interface Analysis {
  readonly comparisons: readonly SchemeComparison[];
  readonly uncompared: readonly Uncompared[];
  readonly growth: readonly SchemeGrowth[];
}

/** What is looked at of a trial. */
export interface TrialFigures extends Conditions {
  readonly scheme: string;
  readonly failovers: readonly CountedFailover[];
}

/** A failover with what the servers counted, where they tell it. */
export type CountedFailover = Failover & {
  readonly server: { readonly responseBytes: number | null } | null;
};

/** The one that ZooKeeper's recipe prescribes, against which the others are held where it was tried. */
const BASELINE = "predecessor";

/** The seed is the run's. The same trials and seed give the same analysis. */
export function analyse(trials: readonly TrialFigures[], seed: number): Analysis {
  const comparisons: SchemeComparison[] = [];
  const uncompared: Uncompared[] = [];
  for (const { names, values, baseline } of pairsOf(trials)) {
    const comparison = compare(values, baseline, seed);
    const missing = tooFew(values, baseline);
    if (comparison !== null) comparisons.push({ ...names, ...comparison });
    else if (missing !== null) uncompared.push({ ...names, ...missing });
  }
  return { comparisons, uncompared, growth: growthOf(trials, seed) };
}

const comparedMeasures = {
  failoverMs: ({ totalMs }: CountedFailover) => totalMs,
  settledMs: ({ settledMs }: CountedFailover) => settledMs,
};

const growingMeasures = {
  settledMs: ({ settledMs }: CountedFailover) => settledMs,
  notifications: ({ notifications }: CountedFailover) => notifications,
  responseBytes: ({ server }: CountedFailover) => server?.responseBytes ?? null,
};

/** Each scheme's values, and those of the baseline under the same conditions. */
interface Pair {
  readonly names: Compared;
  readonly values: readonly number[];
  readonly baseline: readonly number[];
}

function pairsOf(trials: readonly TrialFigures[]): Pair[] {
  return groupsOf(trials, (trial) => conditionKey(trial)).flatMap((group) => {
    const baseline = group.find(({ scheme }) => scheme === BASELINE) ?? group[0];
    const others = group.filter(({ scheme }) => scheme !== baseline?.scheme);
    if (baseline === undefined) return [];
    return others.flatMap((trial) =>
      namesOf(comparedMeasures).map((measure) => {
        const read = comparedMeasures[measure];
        return {
          names: { scheme: trial.scheme, baseline: baseline.scheme, measure, ...conditionsOf(trial) },
          values: valuesOf(trial, read),
          baseline: valuesOf(baseline, read),
        };
      }),
    );
  });
}

function growthOf(trials: readonly TrialFigures[], seed: number): SchemeGrowth[] {
  const keyOf = (trial: TrialFigures) => `${trial.scheme} ${conditionKey(trial, "candidates")}`;
  return groupsOf(trials, keyOf).flatMap((group) =>
    namesOf(growingMeasures).flatMap((measure) => {
      const read = growingMeasures[measure];
      const points = group.map((trial) => ({
        candidates: trial.candidates,
        values: valuesOf(trial, read),
      }));
      const growth = fitGrowth(points, seed);
      const [first] = group;
      if (growth === null || first === undefined) return [];
      const { candidates: _, ...conditions } = conditionsOf(first);
      return { scheme: first.scheme, measure, ...conditions, ...growth };
    }),
  );
}

/** Of the complete failovers, where they have the figure. */
function valuesOf(trial: TrialFigures, read: (failover: CountedFailover) => number | null): number[] {
  return trial.failovers.flatMap((failover) => (failover.end === "settled" ? (read(failover) ?? []) : []));
}

function namesOf<Name extends string>(measures: Readonly<Record<Name, unknown>>): Name[] {
  return Object.keys(measures) as Name[];
}
