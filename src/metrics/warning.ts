/** Reasons to trust the figures less: a closed set, each with what to do about it. */
import { median } from "simple-statistics";
import type { MetTrouble } from "../history/observations.ts";
import { list, type Of, object, oneOf, text, whole } from "../shape.ts";
import type { Failover } from "./figures.ts";
import type { ImpossibleCounts } from "./possible-counts.ts";
import type { Statistics } from "./statistics.ts";
import type { Prediction } from "./theory.ts";

export const warningTypes = [
  "outliers",
  "event-loop-delay",
  "cpu-starvation",
  "too-few-samples",
  "session-timeout-changed",
  "fsync-outliers",
  "unexpected-disconnect",
  "lease-lapsed",
  "server-silent",
  "server-forbids",
  "server-changed",
  "impossible-counts",
  "clock-cost",
  "outside-prediction",
] as const;

/** The kinds by what they take from the figures, the worst first. */
const byGravity: readonly (typeof warningTypes)[number][] = [
  // Something else was measured as well.
  ...(["cpu-starvation", "unexpected-disconnect", "lease-lapsed"] as const),
  ...(["session-timeout-changed", "event-loop-delay"] as const),
  // Some failovers stand out, or there are few.
  ...(["outliers", "outside-prediction", "too-few-samples", "fsync-outliers"] as const),
  // Counts are missing, or times less exact.
  ...(["impossible-counts", "server-changed", "server-silent", "server-forbids", "clock-cost"] as const),
];

/** Smaller for worse kinds. */
export function rankOf({ type }: Pick<Warning, "type">): number {
  return byGravity.indexOf(type);
}

export const warning = object({
  type: oneOf(warningTypes),
  message: text("What was seen, with its figure."),
  hint: text("What to do about it."),
  failovers: list(whole(1), "The numbers of the failovers concerned; none if it concerns the whole trial."),
});

export type Warning = Of<typeof warning>;

/** The data from which warnings about a trial are derived. */
export interface Symptoms {
  readonly failovers: readonly Failover[];
  readonly summary: { readonly outliers: readonly number[]; readonly failoverMs: Statistics | null };
  readonly prediction: Prediction | null;
  /** The longest time, for each failover, that any candidate except the victim kept its event loop busy. */
  readonly busyMs: readonly (number | null)[];
  /** Failovers in whose window a candidate other than the victim was cut off. */
  readonly disconnects: readonly number[];
  /** Failovers in which, or shortly before which, the lease of a candidate that nobody had struck ran out. */
  readonly lapses: readonly number[];
  readonly serverTroubles: readonly MetTrouble[];
  /** Whether the server was the lab's own. */
  readonly embedded: boolean;
  readonly impossibleCounts: readonly ImpossibleCounts[];
  /** The share of all processors that other processes took during the trial, from 0 to 1. */
  readonly foreignCpuShare: number | null;
  /** The timeout that was asked for. */
  readonly sessionTimeoutMs: number;
  readonly grantedTimeoutsMs: readonly number[];
  readonly clockCostNs: number;
  /** The number of measured failovers. */
  readonly measured: number;
}

/**
 * A failover among few candidates takes 2 ms: a thread that was busy for several times that may have caused as
 * much delay.
 */
const BUSY_MS = 10;
/** A herd always keeps many threads busy, in every failover alike: only an exception is a disturbance. */
const BUSY_TIMES_MEDIAN = 2;
/** A tenth of the processors: from there on a thread that wants to run is likely to find them taken. */
const FOREIGN_CPU_SHARE = 0.1;
/** The p90 of fewer values is the worst or the second worst one. */
const FEWEST_SAMPLES = 20;
/** Reading a clock without a system call costs less than 100 ns. */
const CLOCK_COST_NS = 1000;
/** An fsync takes 0.3 ms on a quiet disk: one this long takes longer than the rest of the failover. */
const FSYNC_MS = 5;
const FSYNC_TIMES_MEDIAN = 5;

/** Warnings in the order of {@link warningTypes}; none for a trial without problems. */
export function warningsOf(symptoms: Symptoms): Warning[] {
  const causes = [
    eventLoopDelay(symptoms),
    cpuStarvation(symptoms),
    tooFewSamples(symptoms),
    sessionTimeoutChanged(symptoms),
    fsyncOutliers(symptoms),
    unexpectedDisconnect(symptoms),
    leaseLapsed(symptoms),
  ].flat();
  // These only remove counts, and make no failover slower.
  const others = [
    serverSilent(symptoms),
    serverForbids(symptoms),
    serverChanged(symptoms),
    impossibleCounts(symptoms),
    clockCost(symptoms),
  ].flat();
  return [...outliers(symptoms, causes), ...causes, ...others, ...outsidePrediction(symptoms, causes)];
}

/**
 * If a timer decides, the phase of the servers' clock spreads the times evenly over a tick: times within the
 * predicted band are then normal, whether or not they are far from the others.
 */
function outliers({ summary, prediction, measured }: Symptoms, causes: readonly Warning[]): Warning[] {
  const byTimer = prediction !== null && prediction.failoverMs.low > 0;
  const odd = summary.outliers.filter((failover) => !byTimer || prediction.outside.includes(failover));
  if (odd.length === 0 || summary.failoverMs === null) return [];
  const message = `${odd.length} of ${measured} failovers took a time far from the median of ${ms(summary.failoverMs.p50)}`;
  return [
    {
      type: "outliers",
      message: `${message} (${explanation(odd, causes)})`,
      hint: "all figures include them; run again on a quiet machine, or compare only medians",
      failovers: odd,
    },
  ];
}

function eventLoopDelay({ failovers, busyMs }: Symptoms): Warning[] {
  const far = farAbove(busyMs, BUSY_MS, BUSY_TIMES_MEDIAN);
  if (far.length === 0) return [];
  const longest = Math.max(...far.map(({ value }) => value));
  return [
    {
      type: "event-loop-delay",
      message: `a candidate's thread was busy for up to ${ms(longest)} in ${failoverCount(far.length)}`,
      hint: "use fewer candidates than these processors can wake at once, or a machine with more cores",
      failovers: far.flatMap(({ index }) => failovers[index]?.failover ?? []),
    },
  ];
}

function cpuStarvation({ foreignCpuShare }: Symptoms): Warning[] {
  if (foreignCpuShare === null || foreignCpuShare <= FOREIGN_CPU_SHARE) return [];
  return [
    {
      type: "cpu-starvation",
      message: `other processes took ${Math.round(foreignCpuShare * 100)} % of the processors`,
      hint: "stop other programs on this machine, then run again",
      failovers: [],
    },
  ];
}

function tooFewSamples({ measured }: Symptoms): Warning[] {
  if (measured >= FEWEST_SAMPLES) return [];
  // The end of the trial says why it ended before the first one.
  if (measured === 0) return [];
  const slowest = "p90 and p99 are hardly more than the slowest one";
  return [
    {
      type: "too-few-samples",
      message: `${failoverCount(measured)} measured: ${measured === 1 ? "all figures describe that one" : slowest}`,
      hint: `give --failovers ${FEWEST_SAMPLES} or more`,
      failovers: [],
    },
  ];
}

function sessionTimeoutChanged({ sessionTimeoutMs, grantedTimeoutsMs }: Symptoms): Warning[] {
  const others = [...new Set(grantedTimeoutsMs)].filter((granted) => granted !== sessionTimeoutMs);
  if (others.length === 0) return [];
  return [
    {
      type: "session-timeout-changed",
      message: `a session timeout of ${sessionTimeoutMs} ms was asked for, and ${others.join(", ")} ms granted`,
      hint: "servers grant 2 to 20 ticks: ask for one in that range, or set their minSessionTimeout and maxSessionTimeout",
      failovers: [],
    },
  ];
}

function fsyncOutliers({ failovers }: Symptoms): Warning[] {
  const far = farAbove(
    failovers.map(({ server }) => server?.fsyncMs ?? null),
    FSYNC_MS,
    FSYNC_TIMES_MEDIAN,
  );
  if (far.length === 0) return [];
  const longest = Math.max(...far.map(({ value }) => value));
  return [
    {
      type: "fsync-outliers",
      message: `the servers waited for their disk for up to ${ms(longest)} in ${failoverCount(far.length)}`,
      hint: "give the servers a separate disk, or use --no-fsync to leave the disk out of the figures",
      failovers: far.flatMap(({ index }) => failovers[index]?.failover ?? []),
    },
  ];
}

function unexpectedDisconnect({ disconnects }: Symptoms): Warning[] {
  if (disconnects.length === 0) return [];
  return [
    {
      type: "unexpected-disconnect",
      message: `candidates other than the victim were cut off in ${failoverCount(disconnects.length)}`,
      hint: "use a longer --session-timeout or fewer --candidates: the threads or the servers are overloaded",
      failovers: disconnects,
    },
  ];
}

function leaseLapsed({ lapses }: Symptoms): Warning[] {
  if (lapses.length === 0) return [];
  return [
    {
      type: "lease-lapsed",
      message: `a lease ran out that no fault had struck, in ${failoverCount(lapses.length)}`,
      hint: "use a longer --session-timeout or fewer --candidates: a thread or a server was late with heartbeats",
      failovers: lapses,
    },
  ];
}

function serverSilent({ serverTroubles, embedded, measured }: Symptoms): Warning[] {
  const silent = serverTroubles.flatMap((trouble) => (trouble.type === "silent" ? trouble : []));
  if (silent.length === 0) return [];
  const each = silent.map(
    ({ server, address, reason }) => `server ${server}, ${address}, does not answer (${reason})`,
  );
  return [
    {
      type: "server-silent",
      message: each.join("; "),
      hint: embedded
        ? "it is the lab's own, and hardly gets to run: stop other programs on this machine, or use fewer --candidates"
        : "check that it is up and has a quorum, or leave it out of --connect; until then there are no server counts",
      failovers: failoversOf(silent, measured),
    },
  ];
}

function serverForbids({ serverTroubles, measured }: Symptoms): Warning[] {
  const forbidding = serverTroubles.filter(({ type }) => type === "forbids");
  if (forbidding.length === 0) return [];
  const each = forbidding.map(({ server, address }) => `server ${server}, ${address}, does not permit mntr`);
  return [
    {
      type: "server-forbids",
      message: each.join("; "),
      hint: "allow mntr in its 4lw.commands.whitelist to see packets, bytes and reads",
      failovers: failoversOf(forbidding, measured),
    },
  ];
}

function serverChanged({ serverTroubles, measured }: Symptoms): Warning[] {
  const several = serverTroubles.filter(({ type }) => type === "several");
  const changed = serverTroubles.filter(
    ({ type, server }) => type === "changed" && !several.some((other) => other.server === server),
  );
  if (several.length + changed.length === 0) return [];
  const each = [
    ...several.map(({ server, address }) => `several servers answer as server ${server}, ${address}`),
    ...changed.map(
      ({ server, address }) =>
        `server ${server}, ${address}, was a different one at the next look, or has restarted`,
    ),
  ];
  return [
    {
      type: "server-changed",
      message: each.join("; "),
      hint: "give each server a separate address in --connect, and do not restart servers during a run: otherwise there are no counts",
      failovers: failoversOf([...several, ...changed], measured),
    },
  ];
}

/** None if all were concerned: then it concerns the trial as a whole. */
function failoversOf(troubles: readonly MetTrouble[], measured: number): number[] {
  const concerned = [...new Set(troubles.flatMap(({ failovers }) => failovers))];
  return concerned.length === measured ? [] : concerned.sort((a, b) => a - b);
}

function impossibleCounts({ impossibleCounts: impossible }: Symptoms): Warning[] {
  if (impossible.length === 0) return [];
  const names = [...new Set(impossible.flatMap(({ names }) => names))].join(", ");
  return [
    {
      type: "impossible-counts",
      message: `the servers' counts decreased in ${failoverCount(impossible.length)} (${names})`,
      hint: "make sure that nobody resets their statistics (srst) during a run; these counts are left out",
      failovers: impossible.map(({ failover }) => failover),
    },
  ];
}

function clockCost({ clockCostNs }: Symptoms): Warning[] {
  // An earlier version did not report it.
  if (Number.isNaN(clockCostNs) || clockCostNs <= CLOCK_COST_NS) return [];
  return [
    {
      type: "clock-cost",
      message: `reading the clock once costs ${Math.round(clockCostNs)} ns`,
      hint: "this looks like a virtual machine without a usable TSC: choose its clock source, or another machine",
      failovers: [],
    },
  ];
}

function outsidePrediction({ prediction }: Symptoms, causes: readonly Warning[]): Warning[] {
  if (prediction === null || prediction.outside.length === 0) return [];
  const { failoverMs, inside, outside } = prediction;
  const band = `${ms(failoverMs.low)} to ${ms(failoverMs.high)}`;
  const seen = `${outside.length} of ${failoverCount(inside + outside.length)} outside the predicted ${band}`;
  return [
    {
      type: "outside-prediction",
      message: `${seen} (${explanation(outside, causes)})`,
      hint: "look at these failovers in the report's timeline: something delayed them that no timer explains",
      failovers: outside,
    },
  ];
}

/** Names the warnings that concern the same failovers; warnings about the whole trial explain none of them. */
function explanation(failovers: readonly number[], causes: readonly Warning[]): string {
  const parts = causes.flatMap(({ type, failovers: concerned }) => {
    const common = failovers.filter((failover) => concerned.includes(failover));
    return common.length === 0 ? [] : `${type} at ${common.join(", ")}`;
  });
  return parts.length === 0 ? "nothing recorded explains it" : parts.join("; ");
}

/** The values above a floor, and above the trial's own median by a factor. */
function farAbove(
  values: readonly (number | null)[],
  floor: number,
  timesMedian: number,
): { readonly index: number; readonly value: number }[] {
  const known = values.flatMap((value) => value ?? []);
  if (known.length === 0) return [];
  const limit = Math.max(floor, timesMedian * median(known));
  return values.flatMap((value, index) => (value !== null && value > limit ? { index, value } : []));
}

function failoverCount(count: number): string {
  return count === 1 ? "1 failover" : `${count} failovers`;
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
}
