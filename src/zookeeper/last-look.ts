/**
 * Finds out whether a session that cannot come back is over. Nobody tells it while it is cut off, and some are
 * never told: a server that has lost its data refuses every client that has seen more than it has, and hangs up
 * without a reason.
 *
 * Another session, made by this one, watches the same servers. If it was connected without interruption for
 * {@link TIMEOUTS} timeouts, and a sync was answered at the end, then the session that was not connected in all
 * that time is over:
 * - The ensemble has had one leader throughout. A server that loses its leader, or stops leading, hangs up on
 *   all of its clients, so the look would have been interrupted; and the sync has gone through that server's
 *   leader.
 * - A leader gives up each session that it has not heard from for the timeout, rounded up to its tick. Within
 *   ZooKeeper's own bounds a tick is half of a timeout at most.
 *
 * Not promised: that the leader has not heard from the session after all, if only the answers are lost, to this
 * session and not to the look. Its client is closed with it, so such a session is over within its timeout.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Session } from "./session.ts";

const TIMEOUTS = 2;

export interface Looking {
  /** Opens another session with the same servers. */
  readonly open: (signal: AbortSignal) => Promise<Session>;
  /** Called when the session is over. */
  readonly over: () => void;
}

export class LastLook {
  readonly #looking: Looking;
  #found = new AbortController();
  #ended: Promise<unknown> = Promise.resolve();

  constructor(looking: Looking) {
    this.#looking = looking;
  }

  /** The connection of a session with this timeout has been lost. */
  start(timeoutMs: number): void {
    this.#found = new AbortController();
    this.#ended = Promise.all([this.#ended, this.#look(timeoutMs, this.#found.signal)]);
  }

  /** There is a connection again, or none is wanted. */
  stop(): void {
    this.#found.abort();
  }

  /**
   * Settles, after {@link stop}, when everything that was opened for a look is closed: a thread must not end
   * before.
   */
  async ended(): Promise<void> {
    await this.#ended;
  }

  /** One look at a time, and none before the session may be over. */
  async #look(timeoutMs: number, signal: AbortSignal): Promise<void> {
    do {
      // Many sessions may be cut off at once: this spreads their looks.
      await pause(timeoutMs * (1 + Math.random() / 2), signal);
      if (signal.aborted) return;
    } while (!(await this.#isOver(timeoutMs, signal)));
    if (!signal.aborted) this.#looking.over();
  }

  async #isOver(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    let look: Session | undefined;
    try {
      look = await this.#looking.open(signal);
      const interrupted = new AbortController();
      look.on("state", () => interrupted.abort());
      await pause(TIMEOUTS * timeoutMs, AbortSignal.any([signal, interrupted.signal]));
      if (signal.aborted || interrupted.signal.aborted) return false;
      await look.sync("/");
      return !interrupted.signal.aborted && look.state === "connected";
    } catch {
      return false;
    } finally {
      await look?.close();
    }
  }
}

/** The pause does not keep the process alive. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
