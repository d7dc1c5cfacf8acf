/** Trials of all runs as the charts need them: sorted, and in panels of comparable ones. */

import type { TrialResult } from "../../export/result.ts";
import {
  type Conditions,
  conditionKey,
  conditionWords,
  grownAxes,
  sameConditions,
  several,
  toldOf,
} from "../../history/conditions.ts";
import { groupsOf } from "../../metrics/groups.ts";
import { inOrder } from "../scheme-style.ts";
import type { ChartRun } from "./chart.ts";

export interface Sample {
  /** The index of its run. */
  readonly run: number;
  readonly trial: TrialResult;
}

/** Trials that share one panel. */
export interface Panel {
  readonly title: string;
  /** Those of its first trial: others may differ in the numbers of candidates, and of those in a thread. */
  readonly conditions: Conditions;
  readonly samples: readonly Sample[];
}

export function samplesOf(runs: readonly ChartRun[]): Sample[] {
  return runs.flatMap(({ result }, run) => result.trials.map((trial) => ({ run, trial })));
}

/** The times of its failovers in which somebody new led. */
export function totalsOf({ failovers }: TrialResult): number[] {
  return failovers.flatMap(({ totalMs }) => totalMs ?? []);
}

/** One panel for all numbers of candidates under otherwise equal conditions, or one for each number. */
export function panelsOf(samples: readonly Sample[], by: "fault" | "candidates"): Panel[] {
  const trials = samples.map(({ trial }) => trial);
  const apart = by === "candidates" ? [] : grownAxes(trials);
  const told = [
    ...toldOf(trials).filter(
      (name) => name !== "candidates" && !apart.includes(name) && (by === "fault" || several(trials, name)),
    ),
    ...(by === "candidates" ? [by] : []),
  ];
  const groups = groupsOf(samples, ({ trial }) => conditionKey(trial, ...apart));
  return groups
    .flatMap((group): Panel[] => {
      const [first] = group;
      if (first === undefined) return [];
      const title = conditionWords(first.trial, told).join(" · ");
      return [{ title, conditions: first.trial, samples: sorted(group) }];
    })
    .sort((a, b) => rank(a) - rank(b) || smallest(a) - smallest(b));

  /**
   * Panels keep the order in which faults and timeouts first appeared, and within one that of the candidates.
   */
  function rank({ conditions }: Panel): number {
    return samples.findIndex(({ trial }) => sameConditions(trial, conditions, "candidates"));
  }
}

function smallest({ samples }: Panel): number {
  return Math.min(...samples.map(({ trial }) => trial.candidates));
}

export function grows(panels: readonly Panel[]): boolean {
  return panels.some(({ samples }) => candidatesOf(samples).length > 1);
}

/** Growth needs several numbers of candidates: panels with only one are left out, unless all have only one. */
export function growing(panels: readonly Panel[]): readonly Panel[] {
  const grown = panels.filter(({ samples }) => candidatesOf(samples).length > 1);
  return grown.length > 0 ? grown : panels;
}

/** Sorts by candidates, then scheme, then run: samples to be compared are adjacent. */
function sorted(samples: readonly Sample[]): Sample[] {
  const schemes = inOrder(samples.map(({ trial }) => trial.scheme));
  return [...samples].sort(
    (a, b) =>
      a.trial.candidates - b.trial.candidates ||
      schemes.indexOf(a.trial.scheme) - schemes.indexOf(b.trial.scheme) ||
      a.run - b.run,
  );
}

/** Samples of one scheme and one run, over all numbers of candidates. */
export interface Line {
  readonly scheme: string;
  readonly run: number;
  readonly samples: readonly Sample[];
}

export function linesOf(samples: readonly Sample[]): Line[] {
  const groups = groupsOf(samples, ({ run, trial }) => JSON.stringify([trial.scheme, run]));
  const lines = groups.flatMap((group): Line[] => {
    const [first] = group;
    return first === undefined ? [] : [{ scheme: first.trial.scheme, run: first.run, samples: group }];
  });
  const schemes = inOrder(lines.map(({ scheme }) => scheme));
  return lines.sort((a, b) => schemes.indexOf(a.scheme) - schemes.indexOf(b.scheme) || a.run - b.run);
}

export function candidatesOf(samples: readonly Sample[]): number[] {
  return [...new Set(samples.map(({ trial }) => trial.candidates))].sort((a, b) => a - b);
}

/** A sample's name, with its run if there are several. */
export function sampleName({ run, trial }: Sample, runs: readonly ChartRun[]): string {
  return runs.length > 1 ? `${trial.scheme}, ${runs[run]?.name ?? ""}` : trial.scheme;
}

/** What a mark says it stands for: with the number of candidates if there are several. */
export function markName(sample: Sample, runs: readonly ChartRun[], failover?: number): string {
  const several = candidatesOf(samplesOf(runs)).length > 1;
  return [
    sampleName(sample, runs),
    ...(several ? [`${sample.trial.candidates} candidates`] : []),
    ...(failover === undefined ? [] : [`failover ${failover}`]),
  ].join(", ");
}
