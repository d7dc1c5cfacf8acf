/**
 * Deadlines for answers that this process has to hear itself. While a thread is busy, or the process is
 * stopped, it hears nothing, and its timers fire late: that time says nothing about the other side.
 */

/**
 * The time is measured in slices. A slice that is late by no more than this still counts: machines are busy.
 */
const SLICE_MS = 25;
const LATE_MS = 25;

export interface Limit {
  /** The time for which this process has to be awake, in milliseconds. */
  readonly awakeMs: number;
  /** The maximum time, awake or not. */
  readonly atMostMs?: number;
}

/** `awake`: all of the time that counts has passed. `asleep`: it has not, but the maximum is over. */
export type Passed = "awake" | "asleep";

/**
 * Calls back once, when the limit has passed, and everything that had arrived by then has been heard.
 * @returns a function that cancels it
 */
export function afterAwake(
  { awakeMs, atMostMs = Infinity }: Limit,
  passed: (how: Passed) => void,
): () => void {
  const startedAt = performance.now();
  let countedMs = 0;
  let asleepMs = 0;
  let cancelled = false;
  let timer: NodeJS.Timeout;
  const slice = () => {
    const leftMs = atMostMs - (performance.now() - startedAt);
    const sliceMs = Math.max(1, Math.min(SLICE_MS, awakeMs - countedMs, leftMs));
    const from = performance.now();
    timer = setTimeout(() => {
      const tookMs = performance.now() - from;
      const heardMs = Math.min(tookMs, sliceMs + LATE_MS);
      countedMs += heardMs;
      asleepMs += tookMs - heardMs;
      const isOver = countedMs >= awakeMs || performance.now() - startedAt >= atMostMs;
      if (!isOver) return slice();
      const how = countedMs < awakeMs && asleepMs > 0 ? "asleep" : "awake";
      // Timers run before events that have arrived meanwhile.
      setImmediate(() => cancelled || passed(how));
    }, sliceMs);
  };
  slice();
  return () => {
    cancelled = true;
    clearTimeout(timer);
  };
}
