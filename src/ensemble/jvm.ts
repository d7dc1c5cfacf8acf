/**
 * Figures of a server that this run started, from the system and the JVM: processor time, and garbage
 * collection pauses from the JVM's own log.
 */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { LogTail } from "./log-tail.ts";
import { ThreadTimes } from "./thread-times.ts";

export interface JvmCounts {
  /** Another one after a restart, which counts from zero again. */
  readonly pid: number;
  /** `null` if the system does not report it. */
  readonly cpuMs: number | null;
  readonly gcPauseMs: number;
}

/** The garbage collector's log, in the JVM's working folder. */
export const GC_LOG = "gc.log";

/** What the JVM prints, in the same folder. */
export const SERVER_LOG = "server.log";

/** The JVM option that writes the log for {@link Jvm}. */
export const gcLogOption = `-Xlog:gc:file=${GC_LOG}:uptime:filecount=0`;

/** Whether both looks are at the same processes, so that their difference means something. */
export function areSameJvms(before: readonly JvmCounts[], after: readonly JvmCounts[]): boolean {
  return before.length === after.length && after.every(({ pid }, index) => pid === before[index]?.pid);
}

/**
 * The processor time that all used between two looks: 0 if the system does not report it at all, and `null` if
 * one was restarted, or is gone.
 */
export function cpuMsBetween(before: readonly JvmCounts[], after: readonly JvmCounts[]): number | null {
  if (!areSameJvms(before, after)) return null;
  return after.reduce<number | null>((sum, { cpuMs }, index) => {
    const earlier = before[index]?.cpuMs ?? null;
    if (cpuMs === null && earlier === null) return sum;
    return sum === null || cpuMs === null || earlier === null ? null : sum + cpuMs - earlier;
  }, 0);
}

/**
 * The JVM options for {@link Jvm.liveBytes}: on SIGQUIT the JVM collects all garbage, and prints what is left
 * by class. The serial collector would leave some of the dead where it lies, a twentieth of the heap, and print
 * it as arrays of numbers: sessions that had ended long ago would count.
 */
export const histogramOptions = ["-XX:+PrintClassHistogram", "-XX:MarkSweepDeadRatio=0"] as const;

const HISTOGRAM_WITHIN_MS = 10_000;
const HISTOGRAM_EVERY_MS = 20;

export class Jvm {
  readonly #pid: number;
  readonly #log: string;
  readonly #threads: ThreadTimes;
  readonly #gcLog: LogTail;
  /** The sum of what was read so far. */
  #gcPauseMs = 0;

  constructor(pid: number, folder: string) {
    this.#pid = pid;
    this.#log = join(folder, SERVER_LOG);
    this.#threads = new ThreadTimes(`/proc/${pid}/task`);
    this.#gcLog = new LogTail(join(folder, GC_LOG));
  }

  /** Counts since the server started. */
  counts(): JvmCounts {
    this.#readLog();
    return { pid: this.#pid, cpuMs: this.#threads.read(), gcPauseMs: this.#gcPauseMs };
  }

  /**
   * Bytes of all that lives on its heap, after a full collection: it stands still meanwhile, for some
   * milliseconds and more with a large heap. `null` if it does not tell, as another make of JVM.
   */
  async liveBytes(): Promise<number | null> {
    const log = new LogTail(this.#log, "end");
    process.kill(this.#pid, "SIGQUIT");
    const deadline = performance.now() + HISTOGRAM_WITHIN_MS;
    while (performance.now() < deadline) {
      await delay(HISTOGRAM_EVERY_MS);
      for (const line of log.lines()) {
        const bytes = /^Total +\d+ +(\d+)$/.exec(line)?.[1];
        if (bytes !== undefined) return Number(bytes);
      }
    }
    return null;
  }

  #readLog(): void {
    for (const line of this.#gcLog.lines()) {
      // An example line: [1.234s] GC(0) Pause Young (Allocation Failure) 17M->3M(58M) 4.321ms
      const ms = /\bPause\b.* (\d+(?:\.\d+)?)ms$/.exec(line)?.[1];
      if (ms !== undefined) this.#gcPauseMs += Number(ms);
    }
  }
}
