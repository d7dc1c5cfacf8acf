/**
 * Syncs repeatedly to keep the lease alive: a few times per tick for a leader, or a candidate that may lead in
 * the next instant; for all others, in place of the client's own pings.
 */
import { errorFrom } from "../thrown.ts";
import type { Session } from "../zookeeper/session.ts";
import { type Lease, leftWhenDue, tickOf } from "./lease.ts";
import { leadingMs, type Pace, paces, SPREAD, WAITING, waitingMs } from "./pace.ts";
import type { Runtime } from "./runtime.ts";

/**
 * A fraction of the session timeout: after this long without traffic the client pings (`zookeeper_interest` in
 * the C client).
 */
const PINGS = 1 / 3;

/** The longest interval between two syncs, in milliseconds. */
function everyMs(pace: Pace, timeoutMs: number, tickTimeMs: number): number {
  return pace === "leading" ? leadingMs(tickTimeMs) : waitingMs(timeoutMs);
}

/**
 * How long due heartbeats may wait without costing anybody a lease, in milliseconds: half of the least time
 * left on one at that point. The other half is for slow answers, and for a candidate that claims right
 * afterwards. It is also short enough that the client does not ping.
 * @param tickTimeMs the servers' tick, if it is known
 */
export function patienceMs(timeoutMs: number, tickTimeMs?: number): number {
  const tickMs = tickOf(timeoutMs, tickTimeMs);
  const left = paces.map((pace) => leftWhenDue(timeoutMs, tickMs, everyMs(pace, timeoutMs, tickMs)));
  return Math.max(0, Math.min(...left.map((ms) => ms / 2), timeoutMs * (PINGS - WAITING)));
}

export interface HeartbeatListener {
  answered(): void;
  /** The next one follows at its time, unless the heartbeat is stopped. */
  failed(error: Error): void;
}

/** Only one sync is in flight at a time. */
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

  /** Syncs now, before the next one is due. */
  beat(): void {
    if (this.#state !== "resting") return;
    this.#cancelNext();
    void this.#ask();
  }

  stop(): void {
    this.#state = "stopped";
    this.#cancelNext();
  }

  get #everyMs(): number {
    return everyMs(this.#pace, this.#session.timeoutMs, this.#lease.tickTimeMs);
  }

  /** Waits until this long after the last contact, whatever made the contact. */
  #rest(atLeastMs = 0): void {
    this.#cancelNext();
    this.#state = "resting";
    const sentAt = this.#session.contacts.last?.sentAt ?? Number.NEGATIVE_INFINITY;
    const pauseMs = this.#everyMs * (1 - SPREAD * this.#runtime.random());
    const ms = Math.max(atLeastMs, sentAt + pauseMs - this.#runtime.now());
    this.#cancelNext = this.#runtime.after(ms, () => this.#due());
  }

  #due(): void {
    const sentAt = this.#session.contacts.last?.sentAt ?? Number.NEGATIVE_INFINITY;
    if (this.#session.state !== "connected") this.#rest(this.#everyMs);
    else if (this.#runtime.now() < sentAt + this.#everyMs * (1 - SPREAD)) this.#rest();
    else void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#state = "asking";
    try {
      const answer = this.#session.sync(this.#path);
      this.#runtime.sent?.(answer);
      await answer;
      if (this.#isStopped()) return;
      this.#rest();
      this.#listener.answered();
    } catch (error) {
      if (this.#isStopped()) return;
      this.#rest(this.#everyMs);
      this.#listener.failed(errorFrom(error));
    }
  }

  #isStopped(): boolean {
    return this.#state === "stopped";
  }
}
