/**
 * What an old leader may do beside its successor. It *believes* until it is told (the overlap); it can *act*
 * until it is told, until its lease has run out, or until the resource refuses it, whichever comes first
 * (unsafe).
 */
import type { Event, EventOf } from "../history/event.ts";
import type { CounterMode } from "../history/header.ts";
import { StaleWrites } from "../history/stale-write.ts";
import { type RecordedTerm, struckTerm, Terms } from "../history/term.ts";
import type { Window } from "../history/window.ts";

export interface OldLeader {
  /** The successor's claim → the victim stops believing that it leads; `null` if no such end is known. */
  readonly overlapMs: number | null;
  /** The successor's claim → the victim can no longer act; `null` if nothing is known to stop it. */
  readonly unsafeMs: number | null;
  /** Writes up to the next fault; `null` if there was no counter. */
  readonly staleWrites: { readonly attempted: number; readonly accepted: number } | null;
}

/**
 * The successor's claim → the victim stops believing that it leads, in nanoseconds: 0 if it did not lead,
 * `null` if nobody succeeded it, or no such end is known.
 */
export function overlapOf(struck: RecordedTerm | undefined, claim: EventOf<"claimed"> | null): number | null {
  if (claim === null) return null;
  if (struck === undefined) return 0;
  return struck.until === null ? null : Math.max(0, struck.until - claim.at);
}

interface Struck {
  /** The time from its strike to the next one. */
  readonly from: number;
  readonly until: number;
  /** Its later course may still be told. */
  readonly term: RecordedTerm | undefined;
  readonly claim: EventOf<"claimed"> | null;
}

/** Gathers a history's old leaders, one for each window. */
export class OldLeaders {
  readonly #counter: CounterMode;
  readonly #terms = new Terms();
  /** Each candidate's last term before the current window, and all since. */
  #recent: RecordedTerm[] = [];
  readonly #stale = new StaleWrites();
  /** The time when the resource learned each token: its first accepted write. */
  readonly #knownAt = new Map<number, number>();
  readonly #struck: Struck[] = [];

  constructor(counter: CounterMode) {
    this.#counter = counter;
  }

  event(event: Event): void {
    const term = this.#terms.event(event);
    if (term !== undefined) this.#recent.push(term);
    this.#stale.event(event);
    if (event.type === "wrote" && !this.#knownAt.has(event.czxid)) this.#knownAt.set(event.czxid, event.at);
  }

  /** @param until the next strike, which is yet to be told, if there is one */
  add({ strike }: Window, claim: EventOf<"claimed"> | null, until = Number.POSITIVE_INFINITY): void {
    const term = struckTerm(this.#recent, strike, claim);
    this.#struck.push({ from: strike.startedAt, until, term, claim });
    const last = new Set(new Map(this.#recent.map((one) => [one.candidate, one])).values());
    this.#recent = this.#recent.filter((one) => last.has(one));
  }

  /** Call this when everything is told: the old leaders of the added windows. */
  found(): OldLeader[] {
    const stale = this.#stale.found();
    let next = 0;
    return this.#struck.map(({ from, until, term, claim }) => {
      const here = { attempted: 0, accepted: 0 };
      for (let write = stale[next]; write !== undefined && write.at < until; write = stale[++next]) {
        if (write.at < from) continue;
        here.attempted++;
        if (write.outcome.type === "accepted") here.accepted++;
      }
      return this.#oldLeader(term, claim, here);
    });
  }

  #oldLeader(
    term: RecordedTerm | undefined,
    claim: EventOf<"claimed"> | null,
    staleWrites: NonNullable<OldLeader["staleWrites"]>,
  ): OldLeader {
    const after = (at: number | null) =>
      claim === null || at === null ? null : Math.max(0, (at - claim.at) / 1e6);
    const overlap = overlapOf(term, claim);
    const overlapMs = overlap === null ? null : overlap / 1e6;
    const bounds = claim === null ? [] : [overlapMs, ...this.#holds(term, claim).map(after)];
    const known = bounds.filter((bound) => bound !== null);
    return {
      overlapMs,
      unsafeMs: known.length === 0 ? null : Math.min(...known),
      staleWrites: this.#counter === "none" ? null : staleWrites,
    };
  }

  /**
   * The time at which an old leader that believes is stopped: by neither of the two if the counter is
   * unguarded.
   */
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
}
