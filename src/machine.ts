/**
 * What the machine is worth for measuring: who else takes its processors, and what its clock costs.
 */
import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";

/** Processor time so far, in milliseconds over all processors. */
export interface CpuTimes {
  /** Of everybody, and what the host took away from a virtual machine (steal). */
  readonly busyMs: number;
  /** Of this process with all its threads. */
  readonly ownMs: number;
  readonly at: number;
}

export function cpuTimes(): CpuTimes {
  const { user, system } = process.cpuUsage();
  return { busyMs: busyMs(), ownMs: (user + system) / 1000, at: performance.now() };
}

/**
 * How much of the processors others used between two looks, from 0 to 1.
 * @param serversMs processor time of the servers that this run started
 */
export function foreignShare(before: CpuTimes, after: CpuTimes, serversMs: number): number {
  const foreignMs = after.busyMs - before.busyMs - (after.ownMs - before.ownMs) - serversMs;
  const allMs = (after.at - before.at) * availableParallelism();
  return Math.min(1, Math.max(0, foreignMs / allMs));
}

/** Hundredths of a second, as Linux counts in `/proc/stat` on every architecture that Node runs on. */
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

const READINGS = 10_000;

/**
 * What one reading of the clock costs: a mean over many, the best of a few tries, as a pause is not its cost.
 */
export function clockCostNs(): number {
  const tries = Array.from({ length: 5 }, () => {
    const start = process.hrtime.bigint();
    for (let reading = 1; reading < READINGS; reading++) process.hrtime.bigint();
    return Number(process.hrtime.bigint() - start) / READINGS;
  });
  return Math.min(...tries);
}
