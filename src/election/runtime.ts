/** Time and chance as an election needs them, behind an interface, so that it can also run in virtual time. */
import { performance } from "node:perf_hooks";

export interface Runtime {
  /** 32 hexadecimal digits, globally unique. */
  guid(): string;
  /** Milliseconds of the monotonic clock, which also times a session's answers. */
  now(): number;
  /** A number from 0 to 1, excluding 1. */
  random(): number;
  /** Calls back once after some milliseconds, unless the returned function is called first. */
  after(ms: number, callback: () => void): () => void;
  /**
   * A candidate with fewer others before it has to be ready to lead: see landmarks.ts.
   * @default 16
   */
  readonly near?: number;
  /** Is given the answer to each heartbeat when that is sent, for whoever has to know of those in flight. */
  sent?(answer: Promise<unknown>): void;
}

/** The maximum for `setTimeout`: it treats a longer time as one millisecond. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const realRuntime: Runtime = {
  now: () => performance.now(),
  random: () => Math.random(),
  // Loading all of node:crypto takes a thread twice as long.
  guid: () => crypto.randomUUID().replaceAll("-", ""),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
