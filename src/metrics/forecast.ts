/**
 * Cost models of a run: for each figure that was measured with enough numbers of candidates, how it grows, what
 * it consists of, how well a model foretold numbers that it had not seen, and what it foretells of many more.
 */

import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { median, medianAbsoluteDeviation, probit, quantile } from "simple-statistics";
import { requestsPerSecond } from "../election/pace.ts";
import {
  type Conditions,
  conditionKey,
  conditionShapes,
  conditionsOf,
  grownAxes,
} from "../history/conditions.ts";
import { JOINING_PER_THREAD } from "../history/crowd-costs.ts";
import { interval, list, number, type Of, object, oneOf, optional, positive, text, whole } from "../shape.ts";
import { type CostPoint, type Costs, fitCosts, foretell, misfitOf } from "./cost-model.ts";
import { groupsOf } from "./groups.ts";
import {
  type GrowingFigure,
  type GrowingFigureName,
  type GrowingTrial,
  growingFigureNames,
  growingFigures,
  mannerOf,
  type Term,
  terms,
} from "./growing-figures.ts";
import { fitExponent } from "./growth.ts";

const { candidates: _, perThread, ...otherConditions } = conditionShapes;

/** Absent where it grows with the number of candidates, or always was 1. */
const modelConditions = { ...otherConditions, perThread: optional(perThread) };

export const costModel = object({
  ...modelConditions,
  scheme: text(),
  measure: oneOf(growingFigureNames),
  points: list(
    object({
      candidates: whole(2),
      value: positive("The median, if there are several values."),
      fitted: positive("What the costs come to."),
    }),
    "What was measured.",
  ),
  exponent: number("The figure grows about like the number of candidates to this power."),
  exponentInterval: interval,
  costs: object(
    Object.fromEntries(terms.map((term) => [term, optional(positive())])) as Record<
      Term,
      ReturnType<typeof optional<ReturnType<typeof positive>>>
    >,
    "What it consists of: a cost `once`, one for each candidate, one for each of the others (N − 1), one for each " +
      "candidate and each of those that join at the same time, one for each name in N − 1 lists of N names, one for " +
      "each name in as many lists for each of N − 2, or one for each request of a second at rest. Costs that the " +
      "points do not show are left out.",
  ),
  heldOut: list(
    object({
      candidates: whole(2),
      foretold: positive("By a model that was fitted to the other points."),
      measured: positive(),
    }),
    "How well it foretells what it has not seen: each of the largest numbers of candidates in turn.",
  ),
  forecasts: list(
    object({
      candidates: whole(2),
      foretold: positive(),
      interval,
    }),
    "Foretold, not measured: as if nothing else grew into a limit, neither memory nor processors nor the network.",
  ),
});

export type CostModel = Of<typeof costModel>;

/** The parts of a trial that models are fitted to. */
export interface ModelledTrial extends Conditions, GrowingTrial {
  readonly scheme: string;
}

/** Numbers of candidates in a model: four to fit, and one to foretell. */
export const FEWEST_NUMBERS = 5;
const HELD_OUT = 2;
/** The last two are what to look at; the others lead there, and tell of what was not measured. */
const FORECASTS = [1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000];

/** The error of a single measurement, and of a rule that holds only nearly, as a share. */
const ERRORS = { count: 0.01, bytes: 0.02, ms: 0.05, "ms/s": 0.05 } as const;

const RESAMPLES = 500;

/** Points that fit the schemes' conditions. `tickTimeMs` is `null` if the ensemble does not report it. */
export function modelsOf(
  trials: readonly ModelledTrial[],
  seed: number,
  tickTimeMs: number | null,
): CostModel[] {
  const grown = grownAxes(trials);
  const keyOf = (trial: ModelledTrial) => `${trial.scheme} ${conditionKey(trial, ...grown)}`;
  return groupsOf(trials, keyOf).flatMap((group) =>
    growingFigureNames.flatMap((measure) => {
      const [first] = group;
      const model = first && modelOf(group, measure, { seed, tickTimeMs });
      if (!model) return [];
      const { candidates: __, perThread: shared, ...conditions } = conditionsOf(first);
      const sharing = grown.includes("perThread") ? {} : { perThread: shared };
      return { scheme: first.scheme, ...conditions, ...sharing, measure, ...model };
    }),
  );
}

interface Circumstances {
  readonly seed: number;
  readonly tickTimeMs: number | null;
}

interface Point extends CostPoint<Term> {
  readonly candidates: number;
}

type Model = Omit<CostModel, keyof typeof modelConditions | "scheme" | "measure">;

function modelOf(
  group: readonly ModelledTrial[],
  measure: GrowingFigureName,
  { seed, tickTimeMs }: Circumstances,
): Model | null {
  const figure: GrowingFigure = growingFigures[measure];
  const threads = Math.max(...group.map(({ candidates, perThread }) => Math.ceil(candidates / perThread)));
  const countsFor = ({ sessionTimeoutMs }: ModelledTrial, candidates: number) =>
    countsOf(candidates, { sessionTimeoutMs, tickTimeMs, threads });
  const points = group
    .flatMap((trial): Point[] => {
      const values = figure.values(trial);
      if (values.length === 0) return [];
      const value = median([...values]);
      const { candidates } = trial;
      const error = Math.hypot(errorOfMedian(values) / value, ERRORS[figure.unit]);
      return [{ candidates, counts: countsFor(trial, candidates), value, error }];
    })
    .sort((a, b) => a.candidates - b.candidates);
  const [trial] = group;
  const exponent = fitExponent(points);
  if (points.length < FEWEST_NUMBERS || trial === undefined || exponent === null) return null;
  const allowed = figure.terms(mannerOf(group));
  const costs = fitCosts(points, allowed);
  if (costs === null) return null;
  const heldOut = points.slice(-HELD_OUT).flatMap((point) => {
    const without = fitCosts(
      points.filter((other) => other !== point),
      allowed,
    );
    const { candidates, counts, value: measured } = point;
    return without === null ? [] : { candidates, foretold: foretell(without, counts), measured };
  });
  const again = resampled(points, costs, { allowed, seed, isExact: figure.unit === "count" });
  const farthest = Math.max(...points.map(({ candidates }) => candidates));
  const forecasts = FORECASTS.filter((candidates) => candidates > farthest).map((candidates) => {
    const counts = countsFor(trial, candidates);
    const figures = again.map((one) => foretell(one, counts));
    const range = [quantile(figures, 0.025), quantile(figures, 0.975)] as const;
    return { candidates, foretold: foretell(costs, counts), interval: range };
  });
  return {
    points: points.map(({ candidates, value, counts }) => ({
      candidates,
      value,
      fitted: foretell(costs, counts),
    })),
    exponent: exponent.exponent,
    exponentInterval: exponent.interval,
    costs,
    heldOut,
    forecasts,
  };
}

interface Surroundings {
  readonly sessionTimeoutMs: number;
  readonly tickTimeMs: number | null;
  readonly threads: number;
}

/** How often each cost occurs. */
function countsOf(
  candidates: number,
  { sessionTimeoutMs, tickTimeMs, threads }: Surroundings,
): Point["counts"] {
  return {
    once: 1,
    perCandidate: candidates,
    perOther: candidates - 1,
    perPeer: candidates * Math.min(candidates - 1, JOINING_PER_THREAD * threads),
    perPair: candidates * (candidates - 1),
    perTriple: candidates * (candidates - 1) * (candidates - 2),
    perRequest: requestsPerSecond(candidates, sessionTimeoutMs, tickTimeMs ?? sessionTimeoutMs / 20),
  };
}

/** The standard error of a median, from the spread that outliers do not move; 0 for a single value. */
function errorOfMedian(values: readonly number[]): number {
  const deviation = 1.4826 * medianAbsoluteDeviation([...values]);
  return Math.sqrt(Math.PI / 2) * (deviation / Math.sqrt(values.length));
}

interface Resampling {
  readonly allowed: readonly Term[];
  readonly seed: number;
  /** Counts follow a rule: they err only as far as they do not keep to it. */
  readonly isExact: boolean;
}

/**
 * Models of points that came out otherwise, each by its error; by more, if the points lie further from the
 * model than their errors explain.
 */
function resampled(
  points: readonly Point[],
  costs: Costs<Term>,
  { allowed, seed, isExact }: Resampling,
): Costs<Term>[] {
  const freedom = points.length - Object.keys(costs).length;
  const excess = Math.max(isExact ? 0 : 1, Math.sqrt(misfitOf(points, costs) / freedom));
  const random = xoroshiro128plus(seed);
  return Array.from({ length: RESAMPLES }, () =>
    fitCosts(
      points.map((point) => ({
        ...point,
        value: point.value * Math.exp(excess * point.error * probit(uniformFloat64(random))),
      })),
      allowed,
    ),
  ).filter((one) => one !== null);
}
