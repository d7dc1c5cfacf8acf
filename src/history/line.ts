/**
 * The line of contenders, event by event: who stands in it, what each one watches, who leads, and who is cut
 * off or has left. It follows from what the candidates themselves have recorded so far. Events that nobody has
 * noticed yet, such as the end of a session whose thread stands still, are not in it.
 */
import type { Event } from "./event.ts";
import { type RecordedTerm, termAfter } from "./term.ts";

/** A contender's sequence, or the election's child list. */
export type Watched = number | "children";

/**
 * A candidate's state. Every change replaces the object, so that two moments can be compared by identity, and a
 * copy of the map is a copy of the line.
 */
export interface CandidateState {
  readonly candidate: number;
  readonly session: "connected" | "suspended" | "over";
  /** Its contender's sequence; `null` if it has none. */
  readonly sequence: number | null;
  readonly watches: Watched | null;
  /** Its last term: while that has no end, it believes that it leads. */
  readonly term: RecordedTerm | null;
}

/** A candidate that stands in line. */
export interface CandidateInLine extends CandidateState {
  readonly sequence: number;
}

export class Line {
  readonly #candidates = new Map<number, CandidateState>();
  /** Maps sequences to the candidates whose contenders have them. */
  readonly #owners = new Map<number, number>();

  /** Every candidate with events, by its number. */
  get candidates(): ReadonlyMap<number, CandidateState> {
    return this.#candidates;
  }

  /** The oldest first. */
  get contenders(): CandidateInLine[] {
    // In 32 bits, as the server counts: see election/contenders.ts.
    return [...this.#candidates.values()].filter(stands).sort((a, b) => a.sequence - b.sequence);
  }

  /** The terms that have no end yet, the latest last: an old leader that stands still may keep believing. */
  get terms(): RecordedTerm[] {
    return [...this.#candidates.values()]
      .flatMap(({ term }) => (term?.until === null ? term : []))
      .sort((a, b) => a.from - b.from);
  }

  /** Call this with every event, in chronological order. */
  event(event: Event): void {
    const { candidate } = event;
    switch (event.type) {
      case "connected":
        this.#change(candidate, { session: "connected" });
        break;
      case "suspended":
        this.#change(candidate, { session: "suspended" });
        break;
      case "expired":
      case "closed":
        this.#leave(candidate);
        this.#change(candidate, { session: "over" });
        break;
      case "creating":
      case "removed":
        this.#leave(candidate);
        break;
      case "created":
        this.#enter(candidate, event.sequence);
        break;
      case "armed":
        this.#change(candidate, { watches: event.watch === "children" ? "children" : event.sequence });
        break;
      case "notified":
        // After an announcement, the contender waits for the same one as before.
        if (event.watch === "announcement") break;
        this.#change(candidate, { watches: null });
        if (event.watch === "contender") this.#leave(this.#owners.get(event.sequence));
        break;
      case "claimed":
        this.#enter(candidate, event.sequence);
        this.#changeTerm(event);
        break;
      case "ended":
        if (event.reason === "deleted") this.#leave(candidate);
        this.#changeTerm(event);
        break;
      case "leased":
        this.#changeTerm(event);
        break;
    }
  }

  #enter(candidate: number, sequence: number): void {
    this.#leave(candidate);
    this.#owners.set(sequence, candidate);
    this.#change(candidate, { sequence });
  }

  #leave(candidate: number | undefined): void {
    if (candidate === undefined) return;
    const { sequence } = this.#stateOf(candidate);
    if (sequence !== null) this.#owners.delete(sequence);
    this.#change(candidate, { sequence: null, watches: null });
  }

  #changeTerm(event: Event): void {
    const { term } = this.#stateOf(event.candidate);
    this.#change(event.candidate, { term: termAfter(term, event) });
  }

  #change(candidate: number, changes: Partial<CandidateState>): void {
    this.#candidates.set(candidate, { ...this.#stateOf(candidate), ...changes });
  }

  #stateOf(candidate: number): CandidateState {
    return (
      this.#candidates.get(candidate) ?? {
        ...{ candidate, session: "connected", sequence: null },
        ...{ watches: null, term: null },
      }
    );
  }
}

function stands(state: CandidateState): state is CandidateInLine {
  return state.sequence !== null;
}
