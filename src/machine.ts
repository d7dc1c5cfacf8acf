/** How well the machine measures: what else uses its processors, and the cost of its clock. */
import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";

/** Processor time so far, in milliseconds over all processors. */
export interface CpuTimes {
  /** Time of all processes, and time that the host took from a virtual machine (steal). */
  readonly busyMs: number;
  /** Time of this process with all its threads, and of processes that belong to it. */
  readonly ownMs: number;
  readonly at: number;
}

/** @param pids processes that this one has started, and that belong to it */
export function cpuTimes(pids: readonly number[]): CpuTimes {
  const { user, system } = process.cpuUsage();
  const ownMs = (user + system) / 1000 + childrenMs(pids);
  return { busyMs: busyMs(), ownMs, at: performance.now() };
}

/**
 * The share of the processors that others used between two looks, from 0 to 1.
 * @param serversMs processor time of the servers that this run started
 */
export function foreignShare(before: CpuTimes, after: CpuTimes, serversMs: number): number {
  const foreignMs = after.busyMs - before.busyMs - (after.ownMs - before.ownMs) - serversMs;
  const allMs = (after.at - before.at) * availableParallelism();
  return Math.min(1, Math.max(0, foreignMs / allMs));
}

/** Hundredths of a second, the unit of Linux's `/proc/stat` on every architecture that Node supports. */
const JIFFY_MS = 10;

function busyMs(): number {
  try {
    const [, user, nice, system, , , irq, softirq, steal] = readFileSync("/proc/stat", "utf8")
      .split("\n", 1)
      .join("")
      .split(/ +/)
      .map(Number);
    const parts = [user, nice, system, irq, softirq, steal].map((part) => part ?? 0);
    return parts.reduce((sum, part) => sum + part, 0) * JIFFY_MS;
  } catch {
    return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
  }
}

/** Those that run, and those that have run and ended. */
function childrenMs(pids: readonly number[]): number {
  if (pids.length === 0) return 0;
  const ended = jiffiesOf("self", CHILDREN);
  return pids.reduce((sum, pid) => sum + jiffiesOf(pid, OWN), ended) * JIFFY_MS;
}

/** Places in `/proc/PID/stat` after the name: user and system time of a process, and of its ended children. */
const OWN = [11, 12] as const;
const CHILDREN = [13, 14] as const;

function jiffiesOf(pid: number | "self", places: readonly number[]): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return places.reduce((sum, place) => sum + Number(fields[place]), 0);
  } catch {
    // It has ended, or this is not Linux.
    return 0;
  }
}

/**
 * The resident memory of this process and of those that belong to it, in bytes. Pages that they share are
 * divided among them.
 */
export function memoryBytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + shareOf(pid), process.memoryUsage.rss());
}

function shareOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return 1024 * Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0);
  } catch {
    // It has ended, or this is not Linux.
    return 0;
  }
}

const READINGS = 10_000;

/**
 * The cost of one reading of the clock: a mean over many, the best of a few tries, since pauses do not count.
 */
export function clockCostNs(): number {
  const tries = Array.from({ length: 5 }, () => {
    const start = process.hrtime.bigint();
    for (let reading = 1; reading < READINGS; reading++) process.hrtime.bigint();
    return Number(process.hrtime.bigint() - start) / READINGS;
  });
  return Math.min(...tries);
}
