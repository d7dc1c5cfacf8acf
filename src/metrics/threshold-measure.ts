/** The measures that a threshold can limit: figures of one trial, by their names in `result.json`. */

import type { Conditions } from "../history/conditions.ts";
import { type ServerCountName, serverCountNames } from "../history/server-difference.ts";
import { partsOf } from "../shape.ts";
import { type Failover, type FigureName, figureNames, staleWrites } from "./figures.ts";
import { type Statistics, statistics, summarise } from "./statistics.ts";
import type { TrialSummary } from "./summary.ts";

/** The parts of a trial that are checked. */
export interface ThresholdTrial extends Conditions {
  readonly scheme: string;
  readonly failovers: readonly Failover[];
  readonly summary: Pick<TrialSummary, Average | "staleWrites">;
}

type Statistic = Exclude<keyof Statistics, "p50Interval">;

const statisticNames = partsOf(statistics).filter((name) => name !== "p50Interval") as Statistic[];

/**
 * A time of each failover, where `totalMs` has its summary's name. The time when a fault struck does not count.
 */
type Duration = Exclude<Extract<FigureName, `${string}Ms`>, "atMs">;

const durations = new Map(
  figureNames
    .filter((name): name is Duration => name.endsWith("Ms") && name !== "atMs")
    .map((name) => [name === "totalMs" ? "failoverMs" : name, name]),
);

const averages = ["notificationsPerFailover", "readsPerFailover"] as const;
type Average = (typeof averages)[number];

type StaleWrites = NonNullable<Failover["staleWrites"]>;

export type Measure =
  | { readonly type: "duration"; readonly duration: Duration; readonly statistic: Statistic }
  | { readonly type: "average"; readonly average: Average }
  /** The sum over the trial. */
  | { readonly type: "stale-writes"; readonly which: keyof StaleWrites }
  | { readonly type: "server"; readonly count: ServerCountName };

const written = partsOf(staleWrites) as (keyof StaleWrites)[];

/** Help for choosing a measure. */
export const measureHelp = [
  `${[...durations.keys()].join(", ")}, each with .${statisticNames.join(" .")}`,
  averages.join(", "),
  written.map((which) => `staleWrites.${which}`).join(", "),
  serverCountNames.map((count) => `server.${count}`).join(", "),
].join("; ");

/** Parses `failoverMs.p99`, `readsPerFailover`, `server.lists`. `null` if there is no such measure. */
export function measureNamed(text: string): Measure | null {
  const [head = "", tail, ...more] = text.split(".");
  if (more.length > 0) return null;
  const average = averages.find((name) => name === text);
  if (average !== undefined) return { type: "average", average };
  const which = written.find((name) => name === tail);
  if (head === "staleWrites" && which !== undefined) return { type: "stale-writes", which };
  const count = serverCountNames.find((name) => name === tail);
  if (head === "server" && count !== undefined) return { type: "server", count };
  const duration = durations.get(head);
  const statistic = statisticNames.find((name) => name === tail);
  if (duration === undefined || statistic === undefined) return null;
  return { type: "duration", duration, statistic };
}

/**
 * The times that a figure is a statistic of: times vary from run to run, so two of them are compared only if
 * there are enough. `null` for counts, which follow from a rule, and for the number of failovers.
 */
export function timesOf(measure: Measure, { failovers }: ThresholdTrial): number[] | null {
  switch (measure.type) {
    case "duration":
      return measure.statistic === "n" ? null : valuesOf(failovers, measure);
    case "server":
      return measure.count.endsWith("Ms") ? valuesOf(failovers, measure) : null;
    case "average":
    case "stale-writes":
      return null;
    default:
      return measure satisfies never;
  }
}

/** `null` if the trial does not have the figure. */
export function figureOf(measure: Measure, { failovers, summary }: ThresholdTrial): number | null {
  switch (measure.type) {
    case "duration":
    case "server": {
      const statistic = measure.type === "server" ? "p50" : measure.statistic;
      // Only the interval around the median would need a seed.
      return summarise(valuesOf(failovers, measure), 0)?.[statistic] ?? null;
    }
    case "average":
      return summary[measure.average];
    case "stale-writes":
      return summary.staleWrites?.[measure.which] ?? null;
    default:
      return measure satisfies never;
  }
}

/** The values of failovers that have the figure. */
function valuesOf(
  failovers: readonly Failover[],
  measure: Extract<Measure, { type: "duration" | "server" }>,
): number[] {
  return failovers.flatMap((failover) =>
    measure.type === "server" ? (failover.server?.[measure.count] ?? []) : (failover[measure.duration] ?? []),
  );
}
