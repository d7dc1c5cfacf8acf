/** A recorded term: from its candidate's claim until the candidate no longer believed that it led. */
import type { Event, EventOf } from "./event.ts";
import type { History } from "./history.ts";
import { isVictim, type Strike } from "./strike.ts";

export interface RecordedTerm {
  readonly candidate: number;
  readonly sequence: number;
  /** The fencing token. */
  readonly czxid: number;
  readonly from: number;
  /** `null` if the history ends before the term. */
  readonly until: number | null;
  readonly reason: EventOf<"ended">["reason"] | null;
  /**
   * The time until which its lease held: the latest that its candidate knew of. A thread that stood still
   * computes it from fewer contacts when it goes on, and then knows of less than it had. `null` if it had none.
   * The lease may outlast the term.
   */
  readonly leaseUntil: number | null;
}

/** A candidate's last term after one of its own events. */
export function termAfter(last: RecordedTerm | null, event: Event): RecordedTerm | null {
  if (event.type === "claimed") {
    const { candidate, sequence, czxid, at } = event;
    return { candidate, sequence, czxid, from: at, until: null, reason: null, leaseUntil: null };
  }
  if (last === null || last.until !== null) return last;
  if (event.type === "ended") return { ...last, until: event.at, reason: event.reason };
  if (event.type === "leased")
    return { ...last, leaseUntil: Math.max(last.leaseUntil ?? event.until, event.until) };
  return last;
}

/** The terms of a history that is being told. Later events are added to a term as they are told. */
export class Terms {
  readonly #last = new Map<number, RecordedTerm>();

  /** @returns the term that begins with this event */
  event(event: Event): RecordedTerm | undefined {
    const last = this.#last.get(event.candidate) ?? null;
    const term = termAfter(last, event);
    if (term === last || term === null) return undefined;
    if (last !== null && event.type !== "claimed") {
      Object.assign(last, term);
      return undefined;
    }
    this.#last.set(event.candidate, term);
    return term;
  }

  /** A candidate's last term so far. */
  last(candidate: number): RecordedTerm | undefined {
    return this.#last.get(candidate);
  }
}

/** All terms in the order of their claims. */
export function termsOf(history: Pick<History, "events">): RecordedTerm[] {
  const terms = new Terms();
  return history.events.flatMap((event) => terms.event(event) ?? []);
}

/**
 * The term that a strike was to end: the victim's last one before its successor's claim. After the strike it
 * may have led once more with the same contender, as long as its session lived.
 */
export function struckTerm(
  terms: readonly RecordedTerm[],
  strike: Strike,
  claim: EventOf<"claimed"> | null,
): RecordedTerm | undefined {
  const { startedAt } = strike;
  const own = terms.filter(({ candidate }) => isVictim(strike, candidate));
  const struck = own.findLast(({ from }) => from <= startedAt);
  return own.findLast(({ czxid, from }) => czxid === struck?.czxid && from <= (claim?.at ?? startedAt));
}
