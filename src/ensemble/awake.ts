/**
 * Deadlines for answers that this process has to hear itself. A thread that was busy, or a process that was
 * stopped, hears nothing meanwhile, and its timers fire late: that time says nothing of whoever was asked.
 */

/** The time is taken in slices. So much of a slice that is late still counts: machines are busy. */
const SLICE_MS = 25;
const LATE_MS = 25;

export interface Limit {
  /** How long this process has to be awake, in milliseconds. */
  readonly awakeMs: number;
  /** Not longer than that, awake or not. */
  readonly atMostMs?: number;
}

/** `awake`: it was all the time that counts. `asleep`: it was not, and the most that was allowed is over. */
export type Passed = "awake" | "asleep";

/**
 * Calls back once, when the limit has passed, and all that had come in by then has been heard.
 * @returns how to cancel it
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
      // Timers come before what has come in meanwhile.
      setImmediate(() => cancelled || passed(how));
    }, sliceMs);
  };
  slice();
  return () => {
    cancelled = true;
    clearTimeout(timer);
  };
}
