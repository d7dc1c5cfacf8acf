/**
 * A lease: for how long a leader may act without hearing anything, by its own monotonic clock.
 *
 * The ensemble's leader L ends a session more than T after the last contact that L knows of, T being the
 * session timeout (`ExpiryQueue` rounds up, never down). What does L know of, and by when?
 *
 * 1. A connection that comes about, with whatever server, is a contact with L itself
 *    (`Learner.validateSession`, or the session's creation): where a session comes back, once a sync over it
 *    was answered (contacts.ts). Until then it has the lease that it had before.
 * 2. All else that a server S hears from its clients it tells L with its next reply to L's pings,
 *    which come every half tick (`Leader.lead`, `LearnerSessionTracker`). If S crashes before that,
 *    or is cut off from L, L never knows, and S answers reads all the same. So a contact counts only
 *    when it is certain that it was passed on.
 * 3. How a contact c is known to have been passed on: by three later ones, l, m and n, each sent
 *    after the one before was answered. The client's syncs go through S to L and back, and on each
 *    of these ways nothing overtakes anything.
 *    - l was sent half a tick after the answer to c, and a little more. So when L answers l, the next ping
 *      after that answer is due: it has been sent already, or L has stood still and sends it now.
 *    - m was sent a little after the answer to l. So L sends that ping before it answers m, and S has it before
 *      it passes the answer on. S replies at once, with all that it heard until then, c included.
 *    - n was sent after the answer to m, so it reached L after S's reply. L answered it, and L refuses the
 *      syncs of sessions that it has given up: so it knew of c in time.
 *
 * So the session outlives the send time of c + T. A lease ends then, and in any case one tick before
 * T after the last contact of all: that leaves room for clocks that do not run alike. A leader, and
 * an heir, sync every quarter of a tick, which puts c little more than a tick back. Who waits syncs
 * every seventh of T, in the place of the client's pings: so its lease holds when its time comes, and
 * goes on holding until it syncs as a leader.
 *
 * Who may be slow, and for how long: the client, S, L, and each direction of both connections, each at any
 * moment and for as long as it likes, pings and answers included. No length of any pause enters into the rule,
 * only what came after what: whatever is slow delays the contacts themselves, and an older c counts meanwhile.
 *
 * One thing is taken for granted of L: that it sends a ping within a twentieth of a tick in
 * which it runs, once that is due, and having stood still, before it stands still again. The
 * thread that sends pings does nothing else.
 *
 * Not promised: anything about a session that somebody ends from outside; about an L that is itself cut off
 * from its quorum and has not noticed yet, which it does after syncLimit ticks; about an observer that is fed
 * by a follower (`observerMasterPort`); that the tick is as it was said to be; or about a machine that sleeps,
 * when Linux's monotonic clock stands still. The fence holds in all of these.
 */
import type { Contact } from "../zookeeper/contacts.ts";
import type { Session } from "../zookeeper/session.ts";
import type { Runtime } from "./runtime.ts";

/** The tick of ZooKeeper's own sample configuration. */
const USUAL_TICK_MS = 2000;

/** Of a tick: how late a ping may be sent by an ensemble's leader that runs. */
const PING_WITHIN = 1 / 20;

/**
 * A leader syncs every quarter of a tick, so that n, m, l and c span up to one and a half:
 * with a session timeout of less than two ticks, which no server grants by default, its
 * lease could run out before the next sync.
 * @param timeoutMs of the session, where it is known
 * @throws {RangeError}
 */
export function checkTick(tickTimeMs: number, timeoutMs = Number.POSITIVE_INFINITY): void {
  const remedy = "give the tickTime of the servers' configuration, in milliseconds, or leave it out";
  if (!(Number.isFinite(tickTimeMs) && tickTimeMs > 0))
    throw new RangeError(`tickTimeMs: ${tickTimeMs} is no tick; ${remedy}`);
  if (2 * tickTimeMs > timeoutMs)
    throw new RangeError(
      `tickTimeMs: ${tickTimeMs} is more than half of the session timeout that was granted, ${timeoutMs} ms, so that ` +
        `nobody could keep up a lease; ${remedy}, or open the session with a timeoutMs of ${2 * tickTimeMs} or more`,
    );
}

/** A tick that nobody has told: the usual one, and no more than half of the session timeout. */
export function tickOf(timeoutMs: number, tickTimeMs?: number): number {
  return tickTimeMs ?? Math.min(USUAL_TICK_MS, timeoutMs / 2);
}

/**
 * What is left of a lease, at the least, when the next sync is due of those that are sent every so often and
 * answered at once. Milliseconds. By the rule above n, m, l and c lie so far apart; whichever has to wait for a
 * part of a tick may just miss it, and come one sync earlier.
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

  /** @param tickTimeMs of the servers; without it 2000, and no more than half of the session timeout */
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
   * @throws {RangeError} when it is too short
   */
  check(): void {
    checkTick(this.tickTimeMs, this.#session.timeoutMs);
  }

  /** Milliseconds of the monotonic clock. */
  get until(): number {
    const { contacts, timeoutMs } = this.#session;
    const { last } = contacts;
    if (last === undefined) return Number.NEGATIVE_INFINITY;
    const passedOnAt = this.#passedOnAt(last);
    return Math.min(passedOnAt + timeoutMs, last.sentAt + timeoutMs - this.tickTimeMs);
  }

  /** When the last contact was sent that has certainly been passed on: c, found from n back. */
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
