/**
 * A lease: how long a leader may act without hearing anything, by its own monotonic clock.
 *
 * The ensemble's leader L ends a session more than T after the last contact that L knows of, where T is the
 * session timeout (`ExpiryQueue` rounds up, never down). What does L know, and since when?
 *
 * 1. A new connection, to any server, is a contact with L itself (`Learner.validateSession`, or the session's
 *    creation). When a session comes back, that contact counts once a sync over the connection is answered
 *    (contacts.ts). Until then the session has its earlier lease.
 * 2. A server S reports everything else that it hears from its clients to L with its next reply to L's pings,
 *    which come every half tick (`Leader.lead`, `LearnerSessionTracker`). If S crashes before that, or is cut
 *    off from L, L never knows, yet S still answers reads. So a contact counts only when it certainly was
 *    passed on.
 * 3. Three later contacts, l, m and n, prove that a contact c was passed on, if each was sent after the one
 *    before was answered. The client's syncs go through S to L and back, and on each of these paths nothing
 *    overtakes anything.
 *   - l was sent half a tick, and a little more, after the answer to c. So when L answers l, the next ping
 *     after that answer is due: L has already sent it, or L has stood still and sends it now.
 *   - m was sent a little after the answer to l. So L sends that ping before it answers m, and S has the ping
 *     before it passes the answer on. S replies at once, with everything that it has heard so far, including c.
 *   - n was sent after the answer to m, so it reached L after S's reply. L answered n, and L refuses the syncs
 *     of sessions that it has given up: so it knew of c in time.
 *
 * So the session lives at least until T after c was sent. The lease ends then, and in any case one tick before
 * T after the last contact of all, which leaves room for clocks that run at different speeds. A leader or an
 * heir syncs every quarter of a tick, so c is little more than a tick ago. A candidate that waits, and is near,
 * syncs every seventh of T: so its lease holds when its turn comes, and keeps holding until it syncs as a
 * leader. One that is far has no lease (pace.ts).
 *
 * What may be slow, and for how long: the client, S, L, and each direction of both connections, at any moment
 * and for any time, including pings and answers. The rule does not depend on the length of any pause, only on
 * what came after what: anything slow delays the contacts themselves, and an older c counts meanwhile.
 *
 * There is one assumption about L: once a ping is due, L sends it within a twentieth of a tick of running time,
 * and after standing still, before it stands still again. The thread that sends pings does nothing else.
 *
 * Not promised: anything about a session that somebody ends from outside; about an L that is itself cut off
 * from its quorum and has not noticed yet, which takes it syncLimit ticks; about an observer that is fed by a
 * follower (`observerMasterPort`); that the tick is what it was said to be; or about a machine that sleeps,
 * when Linux's monotonic clock stands still. The fence holds in all of these cases.
 */
import type { Contact } from "../zookeeper/contacts.ts";
import type { Session } from "../zookeeper/session.ts";
import type { Runtime } from "./runtime.ts";

/** The tick of ZooKeeper's own sample configuration. */
const USUAL_TICK_MS = 2000;

/** A fraction of a tick: how late a running leader of the ensemble may send a ping. */
const PING_WITHIN = 1 / 20;

/**
 * A leader syncs every quarter of a tick, so n, m, l and c span up to one and a half ticks: with a session
 * timeout of less than two ticks, which no server grants by default, its lease could run out before the next
 * sync.
 * @param timeoutMs the session's, if it is known
 * @throws {RangeError}
 */
export function checkTick(tickTimeMs: number, timeoutMs = Number.POSITIVE_INFINITY): void {
  const remedy = "give the tickTime of the servers' configuration, in milliseconds, or leave it out";
  if (!(Number.isFinite(tickTimeMs) && tickTimeMs > 0))
    throw new RangeError(`tickTimeMs: ${tickTimeMs} is not a tick; ${remedy}`);
  if (2 * tickTimeMs > timeoutMs)
    throw new RangeError(
      `tickTimeMs: ${tickTimeMs} is more than half of the session timeout that was granted, ${timeoutMs} ms, so ` +
        `nobody could keep a lease; ${remedy}, or open the session with a timeoutMs of ${2 * tickTimeMs} or more`,
    );
}

/** The tick to assume if none was given: the usual one, but no more than half of the session timeout. */
export function tickOf(timeoutMs: number, tickTimeMs?: number): number {
  return tickTimeMs ?? Math.min(USUAL_TICK_MS, timeoutMs / 2);
}

/**
 * The least time, in milliseconds, left on a lease when the next sync is due, if syncs are sent at this
 * interval and answered at once. By the rule above n, m, l and c lie this far apart; a contact that has to wait
 * for part of a tick may just miss it, and be one sync earlier.
 */
export function leftWhenDue(timeoutMs: number, tickTimeMs: number, everyMs: number): number {
  const fromNToM = everyMs;
  const fromMToL = everyMs + tickTimeMs * PING_WITHIN;
  const fromLToC = everyMs + tickTimeMs * (1 / 2 + PING_WITHIN);
  const passedOnMs = everyMs + fromNToM + fromMToL + fromLToC;
  return timeoutMs - Math.max(passedOnMs, everyMs + tickTimeMs);
}

export class Lease {
  readonly #session: Session;
  readonly #runtime: Runtime;
  readonly #tickTimeMs: number | undefined;
  /** The last result: it holds until there is another contact, or another timeout. */
  #known: { readonly last: Contact; readonly timeoutMs: number; readonly until: number } | undefined;

  /** @param tickTimeMs the servers'; 2000 by default, but no more than half of the session timeout */
  constructor(session: Session, runtime: Runtime, tickTimeMs?: number) {
    this.#session = session;
    this.#runtime = runtime;
    this.#tickTimeMs = tickTimeMs;
  }

  get tickTimeMs(): number {
    return tickOf(this.#session.timeoutMs, this.#tickTimeMs);
  }

  /**
   * Another server, or another session, may grant another timeout.
   * @throws {RangeError} when the timeout is too short
   */
  check(): void {
    checkTick(this.tickTimeMs, this.#session.timeoutMs);
  }

  /** Milliseconds of the monotonic clock. */
  get until(): number {
    const { contacts, timeoutMs } = this.#session;
    const { last } = contacts;
    if (last === undefined) return Number.NEGATIVE_INFINITY;
    if (this.#known?.last !== last || this.#known.timeoutMs !== timeoutMs) {
      const until = Math.min(this.#passedOnAt(last) + timeoutMs, last.sentAt + timeoutMs - this.tickTimeMs);
      this.#known = { last, timeoutMs, until };
    }
    return this.#known.until;
  }

  /** Computes {@link until} while nobody waits for it, not in the middle of a failover. */
  prepare(): void {
    void this.until;
  }

  /** The send time of the last contact that has certainly been passed on: c, searched backwards from n. */
  #passedOnAt(n: Contact): number {
    const aLittle = this.tickTimeMs * PING_WITHIN;
    let answeredBy = n.sentAt;
    let looksFor: "m" | "l" | "c" = "m";
    for (const contact of this.#session.contacts.backwards()) {
      if (contact.type === "connected") return contact.sentAt;
      if (contact === n || contact.answeredAt > answeredBy) continue;
      switch (looksFor) {
        case "m":
          answeredBy = contact.sentAt - aLittle;
          looksFor = "l";
          break;
        case "l":
          answeredBy = contact.sentAt - this.tickTimeMs / 2 - aLittle;
          looksFor = "c";
          break;
        case "c":
          return contact.sentAt;
        default:
          looksFor satisfies never;
      }
    }
    return Number.NEGATIVE_INFINITY;
  }

  get valid(): boolean {
    return this.#runtime.now() < this.until;
  }

  /** Calls back once when the lease has run out, and never synchronously. */
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
