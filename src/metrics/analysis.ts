/**
 * Conclusions from several trials of a run: comparisons of schemes, and growth with the number of candidates.
 * Only complete failovers count: one that was given up has not shown its cost.
 */

import { conditionKey, conditionShapes, conditionsOf } from "../history/conditions.ts";
import { list, type Of, object, oneOf, optional, text } from "../shape.ts";
import { compare, comparison, fewValues, tooFew } from "./comparison.ts";
import type { Failover } from "./figures.ts";
import { costModel, type ModelledTrial, modelsOf } from "./forecast.ts";
import { groupsOf } from "./groups.ts";
import { fitGrowth, growth } from "./growth.ts";

const compared = {
  ...conditionShapes,
  scheme: text(),
  baseline: text("The scheme that it is compared with."),
  measure: oneOf(["failoverMs", "settledMs"]),
};

const schemeComparison = object({ ...compared, ...comparison.properties });

export type SchemeComparison = Of<typeof schemeComparison>;

const uncompared = object(
  { ...compared, ...fewValues.properties },
  "Pairs that were not compared because there were too few failovers of one.",
);

export type Uncompared = Of<typeof uncompared>;

const { candidates: _, ...besidesCandidates } = conditionShapes;

const schemeGrowth = object({
  ...besidesCandidates,
  scheme: text(),
  measure: oneOf(["settledMs", "notifications", "responseBytes"]),
  ...growth.properties,
});

export type SchemeGrowth = Of<typeof schemeGrowth>;

export const analysis = object({
  comparisons: list(schemeComparison),
  uncompared: list(uncompared),
  growth: list(schemeGrowth),
  models: optional(
    list(
      costModel,
      "What each figure consists of, and what that foretells; absent with fewer than five numbers of candidates.",
    ),
  ),
});

export type Analysis = Of<typeof analysis>;

/** The parts of a trial that are analysed. */
export type TrialFigures = ModelledTrial;

/** The scheme of ZooKeeper's recipe; the others are compared with it if it was tried. */
const BASELINE = "predecessor";

/**
 * The same trials and seed give the same analysis.
 * @param seed the run's
 * @param tickTimeMs the servers'; `null` if they do not report it
 */
export function analyse(
  trials: readonly TrialFigures[],
  seed: number,
  tickTimeMs: number | null = null,
): Analysis {
  const comparisons: SchemeComparison[] = [];
  const few: Uncompared[] = [];
  for (const { names, values, baseline } of pairsOf(trials)) {
    const shown = compare(values, baseline, seed);
    const missing = tooFew(values, baseline);
    if (shown !== null) comparisons.push({ ...names, ...shown });
    else if (missing !== null) few.push({ ...names, ...missing });
  }
  const models = modelsOf(trials, seed, tickTimeMs);
  return {
    ...{ comparisons, uncompared: few, growth: growthOf(trials, seed) },
    ...(models.length > 0 && { models }),
  };
}

const comparedMeasures = {
  failoverMs: ({ totalMs }: Failover) => totalMs,
  settledMs: ({ settledMs }: Failover) => settledMs,
};

const growingMeasures = {
  settledMs: ({ settledMs }: Failover) => settledMs,
  notifications: ({ notifications }: Failover) => notifications,
  responseBytes: ({ server }: Failover) => server?.responseBytes ?? null,
};

/** Each scheme's values, and those of the baseline under the same conditions. */
interface Pair {
  readonly names: Omit<Uncompared, keyof typeof fewValues.properties>;
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
      const fitted = fitGrowth(points, seed);
      const [first] = group;
      if (fitted === null || first === undefined) return [];
      const { candidates: _, ...conditions } = conditionsOf(first);
      return { scheme: first.scheme, measure, ...conditions, ...fitted };
    }),
  );
}

/** The values of complete failovers that have the figure. */
function valuesOf(trial: TrialFigures, read: (failover: Failover) => number | null): number[] {
  return trial.failovers.flatMap((failover) => (failover.end === "settled" ? (read(failover) ?? []) : []));
}

function namesOf<Name extends string>(measures: Readonly<Record<Name, unknown>>): Name[] {
  return Object.keys(measures) as Name[];
}
