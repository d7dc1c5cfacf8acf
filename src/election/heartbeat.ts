/**
 * Syncs again and again, so that the lease holds: a few times a tick for whoever leads, or may in the next instant, and
 * for all others just as often as the client would have to ping if nothing were said.
 */
import { OutcomeUnknown } from "../zookeeper/errors.ts";
import type { Session } from "../zookeeper/session.ts";
import type { Lease } from "./lease.ts";
import type { Runtime } from "./runtime.ts";

export type Pace = "leading" | "waiting";

/** The client pings after a third of the session timeout without a word (`zookeeper_interest` in the C client). */
const BEFORE_A_PING = 0.3;

const SHORTEST_MS = 10;

export interface HeartbeatListener {
  answered(): void;
  /** What the ensemble refused. */
  failed(error: Error): void;
}

/** With one sync under way at a time. */
export class Heartbeat {
  readonly #session: Session;
  readonly #path: string;
  readonly #lease: Lease;
  readonly #runtime: Runtime;
  readonly #listener: HeartbeatListener;
  #pace: Pace = "waiting";
  #state: "resting" | "asking" | "stopped" = "resting";
  #cancelNext: () => void = () => undefined;

  constructor(session: Session, path: string, lease: Lease, runtime: Runtime, listener: HeartbeatListener) {
    this.#session = session;
    this.#path = path;
    this.#lease = lease;
    this.#runtime = runtime;
    this.#listener = listener;
    this.#rest();
  }

  set pace(pace: Pace) {
    if (this.#pace === pace) return;
    this.#pace = pace;
    if (this.#state === "resting") this.#rest();
  }

  stop(): void {
    this.#state = "stopped";
    this.#cancelNext();
  }

  get #everyMs(): number {
    const ms =
      this.#pace === "leading" ? this.#lease.tickTimeMs / 4 : this.#session.timeoutMs * BEFORE_A_PING;
    return Math.max(SHORTEST_MS, ms);
  }

  /** Until so long after the last contact, whoever had it. */
  #rest(atLeastMs = 0): void {
    this.#cancelNext();
    this.#state = "resting";
    const sentAt = this.#session.contacts.last?.sentAt ?? Number.NEGATIVE_INFINITY;
    const ms = Math.max(atLeastMs, sentAt + this.#everyMs - this.#runtime.now());
    this.#cancelNext = this.#runtime.after(ms, () => this.#due());
  }

  #due(): void {
    const sentAt = this.#session.contacts.last?.sentAt ?? Number.NEGATIVE_INFINITY;
    if (this.#session.state !== "connected") this.#rest(this.#everyMs);
    else if (this.#runtime.now() < sentAt + this.#everyMs) this.#rest();
    else void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#state = "asking";
    try {
      await this.#session.sync(this.#path);
      if (this.#isStopped()) return;
      this.#rest();
      this.#listener.answered();
    } catch (error) {
      if (this.#isStopped()) return;
      this.#rest(this.#everyMs);
      if (error instanceof OutcomeUnknown) return;
      this.#listener.failed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #isStopped(): boolean {
    return this.#state === "stopped";
  }
}
