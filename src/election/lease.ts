/**
 * A lease: for how long a leader may act without hearing anything, by its own monotonic clock.
 *
 * The ensemble ends a session more than T after the last contact that its leader knows of, T being the session
 * timeout (`ExpiryQueue` rounds up, never down). Let s be the send time of the last request that was answered.
 *
 * 1. The ensemble's leader answered it: it knows of a contact at s or later. The session outlives s + T.
 * 2. A follower answered it. It tells the leader with its next reply to the leader's pings, which come every half
 *    tick (`LearnerSessionTracker`, `Leader.lead`). The leader counts from then: the session lives even longer.
 * 3. A follower answered it and crashed before that. Then the leader counts from an earlier contact. All that the
 *    follower had heard more than tick/2 + d before its crash was passed on, d being the delay between the two. So
 *    the contact that counts was sent no earlier than g + tick/2 + d before s, where g is the longest gap between
 *    two requests around that time: the session outlives s + T − (g + tick/2 + d).
 *
 * So a lease ends at s + T − margin, with a margin of g + tick/2 + d, and of one tick at least. A heartbeat every
 * quarter of a tick makes g small, so that one tick is enough while d is below tick/4. What d is, nobody here
 * sees: the longest of the last round trips to the server stands for it. Before the first heartbeats g is the time
 * for which a session may be silent before the client pings: T/3 (`zookeeper_interest` in the C client).
 *
 * Not promised: anything about a session that somebody ends from outside; that the tick is as it was said to be;
 * or a machine that sleeps, when Linux's monotonic clock stands still. The fence holds in all of these.
 */
import type { Session } from "../zookeeper/session.ts";
import type { Runtime } from "./runtime.ts";

/** The tick of ZooKeeper's own sample configuration. */
const USUAL_TICK_MS = 2000;

const SHORTEST_HEARTBEAT_MS = 10;

/** At a quarter of a tick each, these reach back over more than what a crash can have swallowed. */
const REMEMBERED = 4;

interface Exchange {
  /** Between this request and the one before. */
  readonly gapMs: number;
  readonly roundTripMs: number;
}

export class Lease {
  readonly #session: Session;
  readonly #runtime: Runtime;
  readonly #tickTimeMs: number;
  readonly heartbeatMs: number;
  #last: Exchange[] = [];
  #sentAt: number | undefined;

  /** @param tickTimeMs of the servers; without it 2000, and no more than half of the session timeout */
  constructor(session: Session, runtime: Runtime, tickTimeMs?: number) {
    this.#session = session;
    this.#runtime = runtime;
    this.#tickTimeMs = tickTimeMs ?? Math.min(USUAL_TICK_MS, session.timeoutMs / 2);
    this.heartbeatMs = Math.max(SHORTEST_HEARTBEAT_MS, this.#tickTimeMs / 4);
  }

  /** Milliseconds of the monotonic clock. */
  get until(): number {
    return this.#session.contactAt + this.#session.timeoutMs - this.#marginMs;
  }

  get valid(): boolean {
    return this.#runtime.now() < this.until;
  }

  /** A heartbeat that was sent then has been answered. */
  exchanged(sentAt: number): void {
    const gapMs = this.#sentAt === undefined ? this.#longestSilenceMs : sentAt - this.#sentAt;
    this.#sentAt = sentAt;
    this.#last.push({ gapMs, roundTripMs: this.#runtime.now() - sentAt });
    if (this.#last.length > REMEMBERED) this.#last.shift();
  }

  /** No heartbeat follows for a while: what was known of gaps is no longer true. */
  rest(): void {
    this.#last = [];
    this.#sentAt = undefined;
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

  get #longestSilenceMs(): number {
    return this.#session.timeoutMs / 3;
  }

  get #marginMs(): number {
    let gapMs = this.#last.length === 0 ? this.#longestSilenceMs : 0;
    let roundTripMs = 0;
    for (const exchange of this.#last) {
      gapMs = Math.max(gapMs, exchange.gapMs);
      roundTripMs = Math.max(roundTripMs, exchange.roundTripMs);
    }
    return Math.max(this.#tickTimeMs, gapMs + this.#tickTimeMs / 2 + roundTripMs);
  }
}
