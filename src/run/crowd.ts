/**
 * Measures what a crowd of candidates costs: while it joins, and while it waits. All of it comes before the
 * first failover.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Ensemble } from "../ensemble/ensemble.ts";
import { cpuMsBetween, type JvmCounts } from "../ensemble/jvm.ts";
import { jvmCounts, largestHeap } from "../ensemble/member.ts";
import { type Counted, countServers, haveCountedOn } from "../ensemble/server-counts.ts";
import type { CrowdCosts } from "../history/crowd-costs.ts";
import { type CpuTimes, cpuTimes } from "../machine.ts";

/** The first moments after joining, and after a collection, are not those of candidates that wait. */
const SOON_MS = 500;
/** How long the servers may take to tell their counts. No heartbeat waits for it. */
const LOOK_WITHIN_MS = 2000;

export interface Crowd {
  readonly ensemble: Ensemble;
  /** The processes that candidates live in, apart from this one. */
  readonly pids: readonly number[];
  /** All join, and settle: their sessions are there, and nobody is in the election. */
  readonly join: () => Promise<void>;
  /** How long they then wait while they are looked at, in milliseconds; 0 leaves that out. */
  readonly restMs: number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

export async function costsOf({ ensemble, pids, join, restMs, signal }: Crowd): Promise<CrowdCosts> {
  const { members } = ensemble;
  const rest = (ms: number) => delay(ms, undefined, { signal }).catch(() => undefined);
  const look = (): Look => ({ cpu: cpuTimes(pids), jvms: jvmCounts(members) });
  const sessionsHeapBytes = await largestHeap(members);
  const counted = await countServers(ensemble, LOOK_WITHIN_MS);
  const before = look();
  await join();
  const joined = look();
  const after = await countServers(ensemble, LOOK_WITHIN_MS);
  const settledHeapBytes = await largestHeap(members);
  if (restMs > 0) await rest(SOON_MS);
  const from = look();
  if (restMs > 0) await rest(restMs);
  const joining = between(before, joined);
  const resting = restMs > 0 ? between(from, look()) : null;
  return {
    joinMs: joining.ms,
    joinResponseBytes: bytesBetween(counted, after),
    joinServerCpuMs: joining.serverCpuMs,
    joinLabCpuMs: joining.labCpuMs,
    restMs: resting?.ms ?? null,
    restServerCpuMs: resting?.serverCpuMs ?? null,
    restLabCpuMs: resting?.labCpuMs ?? null,
    sessionsHeapBytes,
    settledHeapBytes,
    watches:
      after?.monitors.reduce((sum, monitor) => sum + (monitor.get("watch_count") ?? Number.NaN), 0) ?? null,
  };
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
