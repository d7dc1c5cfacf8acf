/** Syncs repeatedly, at a pace that is given: see pace.ts. */
import { errorFrom } from "../thrown.ts";
import type { Session } from "../zookeeper/session.ts";
import { type Lease, leftWhenDue, tickOf } from "./lease.ts";
import { everyMs, NEAR_EVERY, type Pace, PINGS, SPREAD } from "./pace.ts";
import type { Runtime } from "./runtime.ts";

/** Those at these paces have a lease. */
const leased = ["leading", "near"] as const satisfies readonly Pace[];

/**
 * How long due heartbeats may wait without costing anybody a lease, in milliseconds: half of the least time
 * left on one at that point. The other half is for slow answers, and for a candidate that claims right
 * afterwards. It is also short enough that the client of a near one does not ping.
 * @param tickTimeMs the servers' tick, if it is known
 */
export function patienceMs(timeoutMs: number, tickTimeMs?: number): number {
  const tickMs = tickOf(timeoutMs, tickTimeMs);
  const left = leased.map((pace) => leftWhenDue(timeoutMs, tickMs, everyMs(pace, timeoutMs, tickMs)));
  return Math.max(0, Math.min(...left.map((ms) => ms / 2), timeoutMs * (PINGS - NEAR_EVERY)));
}

export interface HeartbeatListener {
  /** A sync has been sent: what is asked now is answered after it, and with what it has brought. */
  sent(): void;
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
  #pace: Pace = "near";
  /** When it last sent a sync, or was told to send them rarely. */
  #sentAt: number;
  #state: "resting" | "asking" | "stopped" = "resting";
  #cancelNext: () => void = () => undefined;

  constructor(session: Session, path: string, lease: Lease, runtime: Runtime, listener: HeartbeatListener) {
    this.#session = session;
    this.#path = path;
    this.#lease = lease;
    this.#runtime = runtime;
    this.#listener = listener;
    this.#sentAt = runtime.now();
    this.#rest();
  }

  get pace(): Pace {
    return this.#pace;
  }

  set pace(pace: Pace) {
    if (this.#pace === pace) return;
    this.#pace = pace;
    if (pace === "far") this.#sentAt = this.#runtime.now();
    if (this.#state === "resting") this.#rest();
  }

  /** Syncs now, before the next one is due. */
  beat(): void {
    if (this.#state !== "resting") return;
    this.#cancelNext();
    void this.#ask();
  }

  /** Ends it for good. Its timer remains until {@link clearTimer}. */
  stop(): void {
    this.#state = "stopped";
  }

  clearTimer(): void {
    this.#cancelNext();
  }

  get #everyMs(): number {
    return everyMs(this.#pace, this.#session.timeoutMs, this.#lease.tickTimeMs);
  }

  /**
   * The time from which the interval counts: the last contact, whatever made it. With a far one it is the last
   * sync from here, which asked for more than a contact.
   */
  get #since(): number {
    if (this.#pace === "far") return this.#sentAt;
    return this.#session.contacts.last?.sentAt ?? Number.NEGATIVE_INFINITY;
  }

  #rest(atLeastMs = 0): void {
    this.#cancelNext();
    this.#state = "resting";
    const pauseMs = this.#everyMs * (1 - SPREAD * this.#runtime.random());
    const ms = Math.max(atLeastMs, this.#since + pauseMs - this.#runtime.now());
    this.#cancelNext = this.#runtime.after(ms, () => this.#due());
  }

  #due(): void {
    if (this.#session.state !== "connected") this.#rest(this.#everyMs);
    else if (this.#runtime.now() < this.#since + this.#everyMs * (1 - SPREAD)) this.#rest();
    else void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#state = "asking";
    this.#sentAt = this.#runtime.now();
    try {
      const answer = this.#session.sync(this.#path);
      this.#runtime.sent?.(answer);
      this.#listener.sent();
      await answer;
      if (this.#isStopped()) return;
      this.#rest();
      this.#lease.prepare();
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
