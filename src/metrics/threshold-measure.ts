/** What a threshold can be set for: a figure of one trial, by the names that `result.json` has for it. */
import type { Conditions } from "./analysis.ts";
import type { Failover } from "./failover.ts";
import type { StaleWrites } from "./old-leader.ts";
import { type Statistics, summarise } from "./statistics.ts";

/** What is looked at of a trial. */
export interface ThresholdTrial extends Conditions {
  readonly scheme: string;
  readonly failovers: readonly (Failover & {
    readonly server: Readonly<Record<ServerCount, number | null>> | null;
  })[];
  readonly summary: {
    readonly notificationsPerFailover: number | null;
    readonly readsPerFailover: number | null;
    readonly staleWrites: StaleWrites | null;
  };
}

const serverCounts = [
  "packetsSent",
  "packetsReceived",
  "responseBytes",
  "watchBytes",
  "lists",
  "cpuMs",
] as const;
type ServerCount = (typeof serverCounts)[number];

const statistics = [
  "n",
  "min",
  "p50",
  "p90",
  "p99",
  "max",
  "mad",
] as const satisfies readonly (keyof Statistics)[];
type Statistic = (typeof statistics)[number];

/** Of each failover; the statistics are of those that have the figure, as in the summary. */
const durations = {
  failoverMs: ({ totalMs }) => totalMs,
  settledMs: ({ settledMs }) => settledMs,
  detectionMs: ({ detectionMs }) => detectionMs,
  notificationMs: ({ notificationMs }) => notificationMs,
  takeoverMs: ({ takeoverMs }) => takeoverMs,
  overlapMs: ({ overlapMs }) => overlapMs,
  unsafeMs: ({ unsafeMs }) => unsafeMs,
} as const satisfies Record<string, (failover: Failover) => number | null>;
type Duration = keyof typeof durations;

const averages = ["notificationsPerFailover", "readsPerFailover"] as const;
type Average = (typeof averages)[number];

/** Summed up over the trial. */
const staleWrites = ["attempted", "accepted"] as const satisfies readonly (keyof StaleWrites)[];

export type Measure =
  | { readonly type: "duration"; readonly duration: Duration; readonly statistic: Statistic }
  | { readonly type: "average"; readonly average: Average }
  | { readonly type: "stale-writes"; readonly which: keyof StaleWrites }
  | { readonly type: "server"; readonly count: ServerCount };

/** For who has to choose one. */
export const measureHelp = [
  `${Object.keys(durations).join(", ")}, each with .${statistics.join(" .")}`,
  averages.join(", "),
  staleWrites.map((which) => `staleWrites.${which}`).join(", "),
  serverCounts.map((count) => `server.${count}`).join(", "),
].join("; ");

/**
 * As it is written: `failoverMs.p99`, `readsPerFailover`, `server.lists`.
 * `null` where there is no such measure.
 */
export function measureNamed(text: string): Measure | null {
  const [head = "", tail, ...more] = text.split(".");
  if (more.length > 0) return null;
  const average = averages.find((name) => name === text);
  if (average !== undefined) return { type: "average", average };
  const which = staleWrites.find((name) => name === tail);
  if (head === "staleWrites" && which !== undefined) return { type: "stale-writes", which };
  const count = serverCounts.find((name) => name === tail);
  if (head === "server" && count !== undefined) return { type: "server", count };
  const statistic = statistics.find((name) => name === tail);
  if (!isDuration(head) || statistic === undefined) return null;
  return { type: "duration", duration: head, statistic };
}

function isDuration(text: string): text is Duration {
  return Object.hasOwn(durations, text);
}

/**
 * The times that a figure is a statistic of: it differs from one run to the next, so that two of them are held
 * against each other only where there are enough. `null` for counts, which follow from a rule, and for the
 * number of failovers.
 */
export function timesOf(measure: Measure, { failovers }: ThresholdTrial): number[] | null {
  switch (measure.type) {
    case "duration":
      return measure.statistic === "n" ? null : known(failovers.map(durations[measure.duration]));
    case "server":
      return measure.count === "cpuMs" ? known(failovers.map(({ server }) => server?.cpuMs ?? null)) : null;
    case "average":
    case "stale-writes":
      return null;
    default:
      return measure satisfies never;
  }
}

/** `null` where the trial does not have the figure. */
export function figureOf(measure: Measure, { failovers, summary }: ThresholdTrial): number | null {
  switch (measure.type) {
    case "duration":
      return statisticOf(failovers.map(durations[measure.duration]), measure.statistic);
    case "average":
      return summary[measure.average];
    case "stale-writes":
      return summary.staleWrites?.[measure.which] ?? null;
    case "server":
      return statisticOf(
        failovers.map(({ server }) => server?.[measure.count] ?? null),
        "p50",
      );
    default:
      return measure satisfies never;
  }
}

/** Only the interval around the median would need a seed. */
function statisticOf(figures: readonly (number | null)[], statistic: Statistic): number | null {
  return summarise(known(figures), 0)?.[statistic] ?? null;
}

function known(figures: readonly (number | null)[]): number[] {
  return figures.flatMap((figure) => figure ?? []);
}
