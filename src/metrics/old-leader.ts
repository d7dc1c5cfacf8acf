/**
 * What an old leader may do beside its successor. It *believes* until it is told (the
 * overlap); it can *act* until it is told, until its lease has run out, or until the resource
 * turns it away, whichever comes first (unsafe).
 */
import type { EventOf } from "../history/event.ts";
import type { CounterMode } from "../history/header.ts";
import type { History } from "../history/history.ts";
import { type StaleWrite, staleWritesOf } from "../history/stale-write.ts";
import { type RecordedTerm, struckTerm, termsOf } from "../history/term.ts";
import type { Window } from "../history/window.ts";

export interface OldLeader {
  /** The successor's claim → the victim stops believing that it leads; `null` where no such end is known. */
  readonly overlapMs: number | null;
  /** The successor's claim → the victim can no longer act; `null` where nothing is known to stop it. */
  readonly unsafeMs: number | null;
  /** Up to the next fault; `null` where there was no counter. */
  readonly staleWrites: { readonly attempted: number; readonly accepted: number } | null;
}

/**
 * The successor's claim → the victim stops believing that it leads, in nanoseconds: 0 where it did not lead,
 * `null` where nobody succeeded, or no such end is known.
 */
export function overlapOf(struck: RecordedTerm | undefined, claim: EventOf<"claimed"> | null): number | null {
  if (claim === null) return null;
  if (struck === undefined) return 0;
  return struck.until === null ? null : Math.max(0, struck.until - claim.at);
}

/** What a history tells of its old leaders, gathered once. */
export class OldLeaders {
  readonly #counter: CounterMode;
  readonly #terms: readonly RecordedTerm[];
  readonly #stale: readonly StaleWrite[];
  /** Of each token, when the resource knew it: its first accepted write. */
  readonly #knownAt = new Map<number, number>();

  constructor(history: History) {
    this.#counter = history.header.counter;
    this.#terms = termsOf(history);
    this.#stale = staleWritesOf(history);
    for (const event of history.events) {
      if (event.type === "wrote" && !this.#knownAt.has(event.czxid)) this.#knownAt.set(event.czxid, event.at);
    }
  }

  /** @param until the next strike, where there is one */
  in({ strike }: Window, claim: EventOf<"claimed"> | null, until = Number.POSITIVE_INFINITY): OldLeader {
    const term = struckTerm(this.#terms, strike, claim);
    const after = (at: number | null) =>
      claim === null || at === null ? null : Math.max(0, (at - claim.at) / 1e6);
    const overlap = overlapOf(term, claim);
    const overlapMs = overlap === null ? null : overlap / 1e6;
    const bounds = claim === null ? [] : [overlapMs, ...this.#holds(term, claim).map(after)];
    const known = bounds.filter((bound) => bound !== null);
    return {
      overlapMs,
      unsafeMs: known.length === 0 ? null : Math.min(...known),
      staleWrites: this.#counter === "none" ? null : this.#countIn(strike.startedAt, until),
    };
  }

  /** What holds an old leader back that believes: neither of the two where the counter is left open. */
  #holds(term: RecordedTerm | undefined, claim: EventOf<"claimed">): (number | null)[] {
    switch (this.#counter) {
      case "guarded":
        return [term?.leaseUntil ?? null, this.#knownAt.get(claim.czxid) ?? null];
      case "none":
        return [term?.leaseUntil ?? null];
      case "unguarded":
        return [];
      default:
        return this.#counter satisfies never;
    }
  }

  #countIn(from: number, until: number): NonNullable<OldLeader["staleWrites"]> {
    const here = this.#stale.filter(({ at }) => at >= from && at < until);
    return {
      attempted: here.length,
      accepted: here.filter(({ outcome }) => outcome.type === "accepted").length,
    };
  }
}
