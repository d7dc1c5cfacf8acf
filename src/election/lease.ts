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
 * 3. It is certain when a later sync was answered, and L had sent a ping in between: S passes syncs on to L, in order with
 *    its replies to pings, and L refuses those of sessions that it has given up. If L stands still, as in a long
 *    collection of garbage, it sends no pings. But it cannot have stood still for longer than D, the longest time between
 *    the sending of one contact and the answer to the next: in each of these it has had a part. So a ping came between
 *    if tick/2 + D lie between the answer to the one and the sending of the other.
 *
 * So with c the last contact that was passed on for certain, the session outlives the send time of c + T. A lease ends
 * then, and in any case one tick before T after the last contact of all: that leaves room for clocks that do not run
 * alike. A leader, and an heir, sync every quarter of a tick, which puts c little more than a tick back; delays of
 * the network are in D, and put it further. Who waits syncs every seventh of T, in the place of the client's pings: so
 * its lease holds when its time comes, and goes on holding until it syncs as a leader.
 *
 * One thing is taken for granted of an L that has stood still: that it sends the pings which it owes before it stands still
 * again. They are a thread of their own.
 *
 * Not promised: anything about a session that somebody ends from outside; about an L that is itself cut off from its
 * quorum and has not noticed yet, which it does after syncLimit ticks; that the tick is as it was said to be; or about a
 * machine that sleeps, when Linux's monotonic clock stands still. The fence holds in all of these.
 */
import type { Contact } from "../zookeeper/contacts.ts";
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
    const { last } = contacts;
    if (last === undefined) return Number.NEGATIVE_INFINITY;
    const passedOnAt = this.#passedOnAt(last);
    return Math.min(passedOnAt + timeoutMs, last.sentAt + timeoutMs - this.tickTimeMs);
  }

  /** When the last contact was sent that has certainly been passed on. */
  #passedOnAt(last: Contact): number {
    let stillMs = 0;
    let later = last;
    for (const contact of this.#session.contacts.backwards()) {
      if (contact.type === "connected") return contact.sentAt;
      stillMs = Math.max(stillMs, later.answeredAt - contact.sentAt);
      if (last.sentAt - contact.answeredAt >= this.tickTimeMs / 2 + stillMs) return contact.sentAt;
      later = contact;
    }
    return Number.NEGATIVE_INFINITY;
  }

  get valid(): boolean {
    return this.#runtime.now() < this.until;
  }

  /** Calls back once when the lease has run out, and never at once. */
  whenLapsed(callback: () => void): () => void {
    let stop: () => void = () => undefined;
    const wait = () => {
      const leftMs = Math.max(0, this.until - this.#runtime.now());
      stop = this.#runtime.after(Math.ceil(leftMs), () => (this.valid ? wait() : callback()));
    };
    wait();
    return () => stop();
  }
}
