/**
 * Compares a run with another saved one: each trial that both have, by the failover time. The machine may be
 * slower today than it was then: so failovers are scaled by the calibration that was measured beside them, if
 * both runs have it, and no timer decides. Runs of older versions, which have none, are compared unscaled.
 */
import { median } from "simple-statistics";
import { type Conditions, conditionsOf, sameConditions } from "../history/conditions.ts";
import { type Comparison, compare, type TooFew, tooFew } from "../metrics/comparison.ts";
import { summarise } from "../metrics/statistics.ts";
import type { Environment, Result, TrialResult } from "./result.ts";

export type TrialName = Conditions & { readonly scheme: string };

export interface TrialComparison extends TrialName {
  readonly nowP50Ms: number | null;
  readonly thenP50Ms: number | null;
  /** The time of a bare write and list, now divided by then; `null` if it is not known, or does not matter. */
  readonly machine: number | null;
  /**
   * Now divided by then, and by the machine's ratio if known; `null` if either has no failover time: nobody new
   * had to lead, or nobody did.
   */
  readonly comparison: Comparison | TooFew | null;
}

/** A difference between the two environments; `null` for unknown values. */
export interface EnvironmentDifference {
  readonly what: string;
  readonly nowValue: string | null;
  readonly thenValue: string | null;
}

export interface RunComparison {
  readonly trials: readonly TrialComparison[];
  readonly onlyNow: readonly TrialName[];
  readonly onlyThen: readonly TrialName[];
  /** Empty if the comparison is fair. */
  readonly environment: readonly EnvironmentDifference[];
}

/** Only complete failovers count. The seed of the intervals is that of the current run. */
export function compareRuns(now: Result, then: Result): RunComparison {
  return {
    trials: now.trials.flatMap((trial) => {
      const counterpart = then.trials.find((other) => isAlike(trial, other));
      return counterpart === undefined ? [] : compareTrials(trial, counterpart, now.run.seed);
    }),
    onlyNow: missingFrom(then.trials, now.trials),
    onlyThen: missingFrom(now.trials, then.trials),
    environment: environmentDifferences(now.environment, then.environment),
  };
}

/** The two trials must have the same conditions. */
export function compareTrials(now: TrialResult, then: TrialResult, seed: number): TrialComparison {
  const [nowMs, thenMs] = [totalsOf(now), totalsOf(then)];
  const calibrations = { values: calibrationsOf(now), baseline: calibrationsOf(then) };
  const known =
    calibrations.values.length > 0 && calibrations.baseline.length > 0 && now.expects?.silentMs === 0;
  return {
    ...nameOf(now),
    nowP50Ms: summarise(nowMs, seed)?.p50 ?? null,
    thenP50Ms: summarise(thenMs, seed)?.p50 ?? null,
    machine: known ? median(calibrations.values) / median(calibrations.baseline) : null,
    comparison: compare(nowMs, thenMs, seed, known ? calibrations : undefined) ?? tooFew(nowMs, thenMs),
  };
}

function calibrationsOf({ failovers }: TrialResult): number[] {
  return failovers.flatMap(({ end, pulseMs }) => (end === "settled" ? (pulseMs ?? []) : []));
}

function totalsOf({ failovers }: TrialResult): number[] {
  return failovers.flatMap(({ end, totalMs }) => (end === "settled" ? (totalMs ?? []) : []));
}

function missingFrom(those: readonly TrialResult[], these: readonly TrialResult[]): TrialName[] {
  return these.filter((trial) => !those.some((other) => isAlike(trial, other))).map(nameOf);
}

function nameOf(trial: TrialResult): TrialName {
  return { scheme: trial.scheme, ...conditionsOf(trial) };
}

/** Whether two trials have the same scheme and conditions. */
export function isAlike(one: TrialName, other: TrialName): boolean {
  return one.scheme === other.scheme && sameConditions(one, other);
}

/** Aspects of the environment that change the figures by themselves. */
const aspects: Readonly<Record<string, (environment: Environment) => string | number | boolean | null>> = {
  node: ({ node }) => node,
  system: ({ os }) => os,
  client: ({ client }) => client,
  cpu: ({ cpu }) => cpu,
  cores: ({ cores }) => cores,
  "server version": ({ server }) => server.version,
  "embedded server": ({ server }) => server.embedded,
  "tick time": ({ server }) => server.tickTimeMs,
  fsync: ({ server }) => server.forceSync,
  // A user's own servers are tried in random order.
  spread: ({ server }) => server.spread ?? "even",
  "JVM options": ({ server }) => server.jvmOptions.join(" "),
  "settings in zoo.cfg": ({ server }) => server.zooCfg.join(" "),
};

/** Any one of these alone may explain a difference in figures. */
export function environmentDifferences(now: Environment, then: Environment): EnvironmentDifference[] {
  return Object.entries(aspects).flatMap(([what, read]) =>
    read(now) === read(then) ? [] : { what, nowValue: textOf(read(now)), thenValue: textOf(read(then)) },
  );
}

function textOf(value: string | number | boolean | null): string | null {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return value === null ? null : String(value);
}
