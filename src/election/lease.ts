/**
 * A lease: for how long a leader may act without hearing anything, by its own monotonic clock.
 *
 * The ensemble's leader L ends a session more than T after the last contact that L knows of, T being the session timeout
 * (`ExpiryQueue` rounds up, never down). What does L know of, and by when?
 *
 * 1. A connection that comes about, with whatever server, is a contact with L itself (`Learner.validateSession`, or the
 *    session's creation).
 * 2. All else that a server S hears from its clients it tells L with its next reply to L's pings, which come every half
 *    tick (`Leader.lead`, `LearnerSessionTracker`). If S crashes before that, or is cut off from L, L never knows, and
 *    S answers reads all the same. So a contact counts only when it is certain that it was passed on.
 * 3. It is certain when a later sync was answered that was sent tick/2 + d after the answer to the first, d being the
 *    delay between S and L: S passes syncs on to L, in order with its replies to pings, and L refuses those of sessions
 *    that it has given up.
 *
 * So with c the last contact that was passed on for certain, the session outlives the send time of c + T. A lease ends
 * then, and in any case one tick before T after the last contact of all: that leaves room for clocks that do not run
 * alike. How large d is, nobody here sees: the longest of the last round trips stands for it. A leader, and an heir, sync
 * every quarter of a tick, which puts c less than a tick back while d is small. Who waits syncs a little sooner than the
 * client would ping, so that its lease holds when its time comes, and that sync takes the ping's place.
 *
 * Not promised: anything about a session that somebody ends from outside; about an L that is itself cut off from its
 * quorum and has not noticed yet, which it does after syncLimit ticks; that the tick is as it was said to be; or about a
 * machine that sleeps, when Linux's monotonic clock stands still. The fence holds in all of these.
 */
import type { Session } from "../zookeeper/session.ts";
import type { Runtime } from "./runtime.ts";

/** The tick of ZooKeeper's own sample configuration. */
const USUAL_TICK_MS = 2000;

export class Lease {
  readonly tickTimeMs: number;
  readonly #session: Session;
  readonly #runtime: Runtime;

  /** @param tickTimeMs of the servers; without it 2000, and no more than half of the session timeout */
  constructor(session: Session, runtime: Runtime, tickTimeMs?: number) {
    this.#session = session;
    this.#runtime = runtime;
    this.tickTimeMs = tickTimeMs ?? Math.min(USUAL_TICK_MS, session.timeoutMs / 2);
  }

  /** Milliseconds of the monotonic clock. */
  get until(): number {
    const { contacts, timeoutMs } = this.#session;
    const { last, roundTripMs } = contacts;
    if (last === undefined) return Number.NEGATIVE_INFINITY;
    const relayMs = this.tickTimeMs / 2 + roundTripMs;
    const passedOn = contacts.findLast(
      ({ type, answeredAt }) => type === "connected" || answeredAt + relayMs <= last.sentAt,
    );
    if (passedOn === undefined) return Number.NEGATIVE_INFINITY;
    return Math.min(passedOn.sentAt + timeoutMs, last.sentAt + timeoutMs - this.tickTimeMs);
  }

  get valid(): boolean {
    return this.#runtime.now() < this.until;
  }

  /** Calls back once when the lease has run out. */
  whenLapsed(callback: () => void): () => void {
    let stop: () => void = () => undefined;
    const look = () => {
      const leftMs = this.until - this.#runtime.now();
      if (leftMs <= 0) callback();
      else stop = this.#runtime.after(Math.ceil(leftMs), look);
    };
    look();
    return () => stop();
  }
}
