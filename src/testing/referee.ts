/**
 * Watches over the terms of one election whose candidates all run in one thread: there, the beliefs of two of
 * them can be compared at the same instant.
 */
import type { Election } from "../election/election.ts";
import type { EndReason, Term } from "../election/term.ts";

/** A term, with its start and end by the clock of `performance.now()`. */
export interface Tenure {
  readonly term: Term;
  readonly claimedAt: number;
  ended: { readonly at: number; readonly reason: EndReason } | undefined;
}

export class Referee {
  /** Descriptions of forbidden events. */
  readonly faults: string[] = [];
  readonly #tenures: Tenure[] = [];
  readonly #excused = new Set<string>();

  /**
   * The terms of this contender may overlap with others: somebody else deletes it, and until its owner is told,
   * its lease cannot know.
   */
  excuse(name: string): void {
    this.#excused.add(name);
  }

  /** @returns the terms of this candidate, to which each new one is added */
  watch(election: Election): readonly Tenure[] {
    const own: Tenure[] = [];
    election.on("claimed", (term) => {
      const { name } = term.contender;
      const excused = ({ contender }: Term) => this.#excused.has(contender.name);
      for (const { term: other } of this.#tenures) {
        if (excused(term) || excused(other)) continue;
        if (other.valid)
          this.faults.push(`${name} claims while the term of ${other.contender.name} is valid`);
        if (other.token > term.token)
          this.faults.push(`${name} claims with ${term.token} after ${other.token}`);
      }
      if (own.some(({ ended }) => ended === undefined)) this.faults.push(`${name} claims twice`);
      const tenure: Tenure = { term, claimedAt: performance.now(), ended: undefined };
      own.push(tenure);
      this.#tenures.push(tenure);
    });
    election.on("ended", (term, reason) => {
      const tenure = own.find((one) => one.term === term);
      if (tenure?.ended !== undefined) this.faults.push(`a term of ${term.contender.name} ends twice`);
      if (tenure !== undefined) tenure.ended = { at: performance.now(), reason };
    });
    return own;
  }

  /** The terms that are valid at this moment. */
  get valid(): Term[] {
    return this.#tenures.map(({ term }) => term).filter((term) => term.valid);
  }
}
