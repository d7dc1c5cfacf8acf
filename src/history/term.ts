/** A recorded term: from its candidate's claim until that no longer believed that it leads. */
import type { EventOf } from "./event.ts";
import type { History } from "./history.ts";
import type { Strike } from "./strike.ts";

export interface RecordedTerm {
  readonly candidate: number;
  readonly sequence: number;
  /** The fencing token. */
  readonly czxid: number;
  readonly from: number;
  /** `null` when the history ends before the term. */
  readonly until: number | null;
  readonly reason: EventOf<"ended">["reason"] | null;
  /**
   * Until when its lease held: the latest that its candidate knew. A thread that stood still reckons from fewer
   * contacts when it goes on, and then knows of less than it had. `null` where it had none. It may outlast the
   * term.
   */
  readonly leaseUntil: number | null;
}

/** All terms in the order of their claims. */
export function termsOf(history: Pick<History, "events">): RecordedTerm[] {
  const terms: { -readonly [F in keyof RecordedTerm]: RecordedTerm[F] }[] = [];
  for (const event of history.events) {
    if (event.type === "claimed") {
      const { candidate, sequence, czxid, at } = event;
      terms.push({ candidate, sequence, czxid, from: at, until: null, reason: null, leaseUntil: null });
    } else if (event.type === "ended" || event.type === "leased") {
      const term = terms.findLast(({ candidate }) => candidate === event.candidate);
      if (term === undefined || term.until !== null) continue;
      if (event.type === "leased") {
        term.leaseUntil = Math.max(term.leaseUntil ?? event.until, event.until);
        continue;
      }
      term.until = event.at;
      term.reason = event.reason;
    }
  }
  return terms;
}

/**
 * The term that a strike was to end: the victim's last one before its successor's claim. After the strike it
 * may have led once more with the same contender, as long as its session lived.
 */
export function struckTerm(
  terms: readonly RecordedTerm[],
  { victims, startedAt }: Strike,
  claim: EventOf<"claimed"> | null,
): RecordedTerm | undefined {
  const own = terms.filter(({ candidate }) => victims.includes(candidate));
  const struck = own.findLast(({ from }) => from <= startedAt);
  return own.findLast(({ czxid, from }) => czxid === struck?.czxid && from <= (claim?.at ?? startedAt));
}
