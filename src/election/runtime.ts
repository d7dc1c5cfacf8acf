/** Time and chance as an election needs them: from an interface, so that it can also run in virtual time. */
import { randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";

export interface Runtime {
  /** 32 hexadecimal digits that nobody else has. */
  guid(): string;
  /** Milliseconds of the monotonic clock: the one by which a session says when it was answered. */
  now(): number;
  /** From 0 to 1, 1 excluded. */
  random(): number;
  /** Calls back once, after some milliseconds, unless the returned function is called before. */
  after(ms: number, callback: () => void): () => void;
}

/** What `setTimeout` takes at the most: it makes a longer time one millisecond. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const realRuntime: Runtime = {
  now: () => performance.now(),
  random: () => Math.random(),
  guid: () => randomUUID().replaceAll("-", ""),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
