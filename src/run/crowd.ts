/**
 * Measures what a crowd of candidates costs: while it joins, and while it waits. All of it comes before the
 * first failover.
 */
import { setTimeout as delay } from "node:timers/promises";
import { median } from "simple-statistics";
import type { Ensemble } from "../ensemble/ensemble.ts";
import { cpuMsBetween, type JvmCounts } from "../ensemble/jvm.ts";
import { jvmCounts, largestHeap } from "../ensemble/member.ts";
import { type Counted, countServers, haveCountedOn } from "../ensemble/server-counts.ts";
import type { CrowdCosts, Join } from "../history/crowd-costs.ts";
import { type CpuTimes, cpuTimes } from "../machine.ts";

/** The first moments after joining, and after a collection, are not those of candidates that wait. */
const SOON_MS = 500;
/** How long the servers may take to tell their counts. No heartbeat waits for it. */
const LOOK_WITHIN_MS = 2000;

/**
 * So many have to join before code is warm, in the servers as in the candidates' threads: until then it is
 * interpreted, and costs two to three times as much. A small crowd rehearses, or it would be measured with
 * that, and a large one without.
 */
const WARM_AFTER = 300;

/** A small crowd joins several times: once, it takes only a few milliseconds. */
const JOIN_FOR_MS = 1000;
const MOST_JOINS = 9;

export interface Crowd {
  readonly ensemble: Ensemble;
  readonly candidates: number;
  /** The processes that candidates live in, apart from this one. */
  readonly pids: readonly number[];
  /** All join, and settle: their sessions are there, and nobody is in the election. */
  readonly join: () => Promise<void>;
  /** All leave the election. Their sessions stay. */
  readonly leave: () => Promise<void>;
  /** How long all wait, once they have joined for good, while they are looked at, in ms; 0 leaves that out. */
  readonly restMs: number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

export async function costsOf(crowd: Crowd): Promise<CrowdCosts> {
  const { ensemble, candidates, pids, join, leave, restMs, signal } = crowd;
  const { members } = ensemble;
  const rest = (ms: number) => delay(ms, undefined, { signal }).catch(() => undefined);
  const look = (): Look => ({ cpu: cpuTimes(pids), jvms: jvmCounts(members) });
  const costOf = async (act: () => Promise<void>) => {
    const before = look();
    await act();
    return between(before, look());
  };
  for (let rehearsal = 1; rehearsal <= Math.round(WARM_AFTER / candidates); rehearsal++) {
    await join();
    await leave();
  }
  const sessionsHeapBytes = await largestHeap(members);
  const joins: Join[] = [];
  const since = performance.now();
  let watches: number | null;
  for (;;) {
    const counted = await countServers(ensemble, LOOK_WITHIN_MS);
    const cost = await costOf(join);
    const after = await countServers(ensemble, LOOK_WITHIN_MS);
    joins.push({ ...cost, responseBytes: bytesBetween(counted, after) });
    watches = after === null ? null : watchesIn(after);
    if (joins.length >= MOST_JOINS || performance.now() - since > JOIN_FOR_MS) break;
    await leave();
  }
  const settledHeapBytes = await largestHeap(members);
  if (restMs > 0) await rest(SOON_MS);
  const resting = restMs > 0 ? await costOf(() => rest(restMs)) : null;
  return {
    joinMs: median(joins.map(({ ms }) => ms)),
    joinResponseBytes: medianKnown(joins.map(({ responseBytes }) => responseBytes)),
    joinServerCpuMs: medianKnown(joins.map(({ serverCpuMs }) => serverCpuMs)),
    joinLabCpuMs: median(joins.map(({ labCpuMs }) => labCpuMs)),
    joins,
    restMs: resting?.ms ?? null,
    restServerCpuMs: resting?.serverCpuMs ?? null,
    restLabCpuMs: resting?.labCpuMs ?? null,
    sessionsHeapBytes,
    settledHeapBytes,
    watches,
  };
}

/** `null` if one is not known. */
function medianKnown(values: readonly (number | null)[]): number | null {
  const known = values.flatMap((value) => value ?? []);
  return known.length < values.length ? null : median(known);
}

function watchesIn({ monitors }: Counted): number {
  return monitors.reduce((sum, monitor) => sum + (monitor.get("watch_count") ?? Number.NaN), 0);
}

interface Look {
  readonly cpu: CpuTimes;
  readonly jvms: readonly JvmCounts[];
}

function between(before: Look, after: Look) {
  return {
    ms: after.cpu.at - before.cpu.at,
    serverCpuMs: before.jvms.length === 0 ? null : cpuMsBetween(before.jvms, after.jvms),
    labCpuMs: after.cpu.ownMs - before.cpu.ownMs,
  };
}

/** The looks themselves are no replies to requests. */
function bytesBetween(before: Counted | null, after: Counted | null): number | null {
  if (before === null || after === null || !haveCountedOn(before, after)) return null;
  const [from, to] = [before.counts.responseBytes, after.counts.responseBytes];
  return from === null || to === null ? null : to - from;
}
