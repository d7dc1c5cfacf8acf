/** The line of contenders in words, as the candidates of a simulated run see it: for its timeline. */
import type { Election } from "../election/election.ts";
import type { Term } from "../election/term.ts";
import { type CandidateState, Line } from "../history/line.ts";
import { tellElection } from "./told-election.ts";

export class ToldLine {
  readonly #line = new Line();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Listens to what an election of that candidate says of itself. */
  follow(candidate: number, election: Election): void {
    tellElection(candidate, election, this.#now, (event) => this.#line.event(event));
  }

  /** Its process has died, and with it the term that it had. */
  dies(candidate: number, term: Term | undefined): void {
    const at = { at: this.#now(), candidate };
    if (term !== undefined)
      this.#line.event({ ...at, type: "ended", sequence: term.contender.sequence, reason: "died" });
    this.#line.event({ ...at, type: "expired" });
  }

  /** "3 (candidate 0) leads, 4 (candidate 1, cut off) watches 3": contenders by number, the oldest first. */
  get text(): string {
    return this.#line.contenders.map(inWords).join(", ");
  }
}

function inWords({ candidate, sequence, watches, session, term }: CandidateState): string {
  const what = term?.until === null ? "leads" : watches === null ? "looks" : `watches ${watches}`;
  return `${sequence} (candidate ${candidate}${session === "suspended" ? ", cut off" : ""}) ${what}`;
}
