/**
 * Retries, within one session, what was lost or not carried out: after pauses that grow, and not silently,
 * since some of these loops end only with the session.
 */
import { OutcomeUnknown, SessionClosed, SessionExpired, TryAgain } from "../zookeeper/errors.ts";
import { pause, RETRY_MS } from "./connection.ts";
import type { Runtime } from "./runtime.ts";

/**
 * Called after a failure.
 * @param attempt the number of consecutive failures
 */
export type Trouble = (error: Error, attempt: number) => void;

/** Two failures in a row are no trouble: replies are lost whenever a connection is. */
export const TROUBLE_FROM = 3;

const LONGEST_PAUSE_MS = 5000;
/** The time without a failure after which the next one counts as the first again. */
const FORGOTTEN_AFTER_MS = 60_000;

/** Whether the same call may succeed later, in the same session. */
export function passes(error: unknown): error is OutcomeUnknown | TryAgain {
  if (error instanceof SessionExpired || error instanceof SessionClosed) return false;
  return error instanceof OutcomeUnknown || error instanceof TryAgain;
}

export class Retries {
  readonly #runtime: Runtime;
  readonly #tell: Trouble;
  #failures = 0;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(runtime: Runtime, tell: Trouble) {
    this.#runtime = runtime;
    this.#tell = tell;
  }

  /**
   * Counts a failure, and reports it if there have been enough before.
   * @returns the pause, in milliseconds
   */
  failed(error: Error): number {
    const now = this.#runtime.now();
    this.#failures = now - this.#lastAt > FORGOTTEN_AFTER_MS ? 1 : this.#failures + 1;
    this.#lastAt = now;
    if (this.#failures >= TROUBLE_FROM) this.#tell(error, this.#failures);
    return Math.min(LONGEST_PAUSE_MS, RETRY_MS * 2 ** (this.#failures - 1));
  }

  /**
   * Counts a failure, and waits.
   * @param signal when aborted, pauses are no longer than the first one, since somebody is waiting for the end
   */
  pause(error: Error, signal?: AbortSignal): Promise<void> {
    const ms = this.failed(error);
    return signal?.aborted ? pause(this.#runtime) : pause(this.#runtime, ms, signal);
  }
}
