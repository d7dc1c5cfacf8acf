/**
 * What an old leader may do beside its successor. It *believes* until it is told (the
 * overlap); it can *act* until it is told, until its lease has run out, or until the resource
 * turns it away, whichever comes first (unsafe).
 */
import type { EventOf } from "../history/event.ts";
import type { CounterMode, History } from "../history/history.ts";
import { type StaleWrite, staleWritesOf } from "../history/stale-write.ts";
import { struckTerm, type Term, termsOf } from "../history/term.ts";
import type { Window } from "../history/window.ts";

/** Writes to the trial's counter after another one had claimed, and those of them over a successor's write. */
export interface StaleWrites {
  readonly attempted: number;
  readonly accepted: number;
}

export interface OldLeader {
  /** The successor's claim → the victim stops believing that it leads; `null` where no such end is known. */
  readonly overlapMs: number | null;
  /** The successor's claim → the victim can no longer act; `null` where nothing is known to stop it. */
  readonly unsafeMs: number | null;
  /** Up to the next fault; `null` where there was no counter. */
  readonly staleWrites: StaleWrites | null;
}

/** What a history tells of its old leaders, gathered once. */
export class OldLeaders {
  readonly #counter: CounterMode;
  readonly #terms: readonly Term[];
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

  /** @param until the next fault, where there is one */
  in({ fault }: Window, claim: EventOf<"claimed"> | null, until = Number.POSITIVE_INFINITY): OldLeader {
    const term = struckTerm(this.#terms, fault, claim);
    const after = (at: number | null) =>
      claim === null || at === null ? null : Math.max(0, (at - claim.at) / 1e6);
    const overlapMs = claim !== null && term === undefined ? 0 : after(term?.until ?? null);
    const bounds = claim === null ? [] : [overlapMs, ...this.#holds(term, claim).map(after)];
    const known = bounds.filter((bound) => bound !== null);
    return {
      overlapMs,
      unsafeMs: known.length === 0 ? null : Math.min(...known),
      staleWrites: this.#counter === "none" ? null : this.#countIn(fault.at, until),
    };
  }

  /** What holds an old leader back that believes: neither of the two where the counter is left open. */
  #holds(term: Term | undefined, claim: EventOf<"claimed">): (number | null)[] {
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

  #countIn(from: number, until: number): StaleWrites {
    const here = this.#stale.filter(({ at }) => at >= from && at < until);
    return {
      attempted: here.length,
      accepted: here.filter(({ outcome }) => outcome.type === "accepted").length,
    };
  }
}
