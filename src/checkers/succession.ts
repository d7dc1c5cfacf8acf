/**
 * Promises that a candidate that claims is the oldest living contender: that no contender with a lower czxid
 * certainly existed at the claim, and that the claimer had not given up its own. If a strike does not unseat
 * the leader, it promises that nobody new leads in its window, unless the leader's session ended by itself.
 *
 * Does not promise to notice that a contender was passed over while its removal was in progress, or while its
 * session was dying: at such an instant nobody outside the ensemble can tell.
 */
import type { Event, EventOf } from "../history/event.ts";
import type { Strike } from "../history/strike.ts";
import { type RecordedTerm, Terms } from "../history/term.ts";
import { type Window, Windows } from "../history/window.ts";
import type { Checker, Evidence, Judgement, Verdict } from "./checker.ts";
import { conclude } from "./conclusion.ts";
import { type Lifetime, Lifetimes } from "./lifetime.ts";
import { type Fate, type Question, SessionFates, subjectOf } from "./session-fate.ts";

type Claim = EventOf<"claimed">;

export const succession: Checker = {
  name: "succession",
  assumes: ["header", "order", "contenders", "failovers"],
  begin: () => new Succession(),
};

class Succession implements Judgement {
  readonly #unseating = new Unseating();
  readonly #precedence = new Precedence();

  strike(strike: Strike): void {
    this.#unseating.strike(strike);
  }

  event(event: Event): void {
    this.#unseating.event(event);
    this.#precedence.event(event);
  }

  verdict(): Verdict {
    const { evidence, doubts } = this.#unseating.found();
    return conclude([...evidence, ...this.#precedence.found()], doubts);
  }
}

/** A claim by somebody new, in the window of a strike that does not unseat the leader. */
interface Unseated {
  readonly victims: readonly number[];
  readonly claim: Claim;
  /**
   * The fate of the previous leader: nobody new may lead while it is well, or after it was wrongly replaced.
   */
  leader: Question | undefined;
}

/** Nobody new may lead if the leader was not struck. */
class Unseating {
  readonly #windows = new Windows();
  readonly #terms = new Terms();
  readonly #fates = new SessionFates();
  /** The last term, and the last with another contender. */
  #last: RecordedTerm | undefined;
  #other: RecordedTerm | undefined;
  /** Claims of the last moment: more may have happened at the same one. */
  #asking: Unseated[] = [];
  /** Claims in the current window: without an end they say nothing. */
  #here: Unseated[] = [];
  #unseated: Unseated[] = [];

  strike(strike: Strike): void {
    this.#windows.strike(strike);
  }

  event(event: Event): void {
    if (this.#asking.some(({ claim }) => claim.at < event.at)) this.#ask();
    this.#conclude(this.#windows.event(event));
    const term = this.#terms.event(event);
    if (term !== undefined) {
      if (term.czxid !== this.#last?.czxid) this.#other = this.#last;
      this.#last = term;
    }
    this.#fates.event(event);
    const { current } = this.#windows;
    if (event.type !== "claimed" || current?.strike.expects.leader !== "same") return;
    if (current.claims.at(-1) !== event) return;
    const unseated = { victims: current.strike.victims, claim: event, leader: undefined };
    this.#asking.push(unseated);
    this.#here.push(unseated);
  }

  /** Called when everything is told. */
  found(): { readonly evidence: readonly Evidence[]; readonly doubts: readonly string[] } {
    this.#ask();
    this.#conclude(this.#windows.current);
    const evidence: Evidence[] = [];
    const doubts: string[] = [];
    for (const { victims, claim, leader } of this.#unseated) {
      const { at, candidate } = claim;
      const message = `candidate ${candidate} claimed although the strike on candidate ${victims.join(", ")} was not to unseat the leader`;
      if (leader?.fate === "alive") evidence.push({ at, message, candidates: [...victims, candidate] });
      else if (leader?.fate === "undecided")
        doubts.push(`${message}; nothing shows whether the leader was still alive`);
    }
    return { evidence, doubts };
  }

  #conclude(window: Window | undefined): void {
    if (window === undefined) return;
    if (window.end !== null) this.#unseated.push(...this.#here);
    this.#here = [];
  }

  #ask(): void {
    for (const unseated of this.#asking) unseated.leader = this.#leaderBefore(unseated.claim);
    this.#asking = [];
    const isInnocent = ({ leader }: Unseated) => leader?.isSettled === true && leader.fate === "dead";
    this.#unseated = this.#unseated.filter((unseated) => !isInnocent(unseated));
  }

  #leaderBefore({ at, candidate, czxid }: Claim): Question {
    const settled = (fate: Fate): Question => ({ fate, isSettled: true });
    const before = this.#last?.czxid === czxid ? this.#other : this.#last;
    if (before === undefined) return settled("alive");
    switch (before.reason) {
      case "expired":
        return settled("dead");
      case "resigned":
      case "closed":
      case "deleted":
        return settled("alive");
      default:
        return before.candidate === candidate ? settled("alive") : this.#fates.ask(before.candidate, at);
    }
  }
}

/** A lifetime, and the claims with higher czxids before its end. */
interface Precedent {
  readonly candidate: number;
  readonly place: number;
  readonly lifetime: Lifetime;
  passedOver: PlacedClaim[];
}

interface PlacedClaim {
  readonly place: number;
  readonly at: number;
  readonly candidate: number;
  readonly czxid: number;
}

interface Finding {
  readonly claim: PlacedClaim;
  readonly precedent: Precedent;
  readonly evidence: Evidence;
}

/** Nobody may claim before an older contender, or with one that it had given up. */
class Precedence {
  /** Keyed by candidate, in the order of their first events. */
  readonly #lifetimes = new Map<number, Lifetimes>();
  readonly #current = new Map<number, Precedent>();
  /** Lifetimes without an end, although nothing more is heard of them. */
  readonly #endless: Precedent[] = [];
  readonly #byCzxid = new Map<number, Precedent[]>();
  /** Claims by ascending czxid. */
  readonly #claims: PlacedClaim[] = [];
  #places = 0;
  readonly #found: Finding[] = [];

  event(event: Event): void {
    const subject = subjectOf(event);
    const lifetimes = this.#lifetimes.get(subject) ?? new Lifetimes();
    this.#lifetimes.set(subject, lifetimes);
    lifetimes.event(event);
    const before = this.#current.get(subject);
    if (lifetimes.current !== before?.lifetime) {
      if (before !== undefined) this.#end(before);
      this.#current.delete(subject);
      if (lifetimes.current !== undefined) this.#begin(subject, lifetimes.current);
    }
    if (event.type === "claimed") this.#claim(event);
  }

  /** Called when everything is told. */
  found(): Evidence[] {
    for (const lifetimes of this.#lifetimes.values()) lifetimes.end();
    for (const precedent of [...this.#current.values(), ...this.#endless]) this.#judge(precedent);
    const order = [...this.#lifetimes.keys()];
    const rank = new Map(order.map((candidate, index) => [candidate, index]));
    const rankOf = ({ candidate }: Precedent) => rank.get(candidate) ?? 0;
    return this.#found
      .sort(
        (a, b) =>
          a.claim.place - b.claim.place ||
          rankOf(a.precedent) - rankOf(b.precedent) ||
          a.precedent.place - b.precedent.place,
      )
      .map(({ evidence }) => evidence);
  }

  #begin(candidate: number, lifetime: Lifetime): void {
    const precedent: Precedent = { candidate, place: this.#places++, lifetime, passedOver: [] };
    this.#current.set(candidate, precedent);
    this.#byCzxid.set(lifetime.czxid, [...(this.#byCzxid.get(lifetime.czxid) ?? []), precedent]);
    // Its owner may learn late that it exists.
    for (let index = this.#claims.length - 1; index >= 0; index--) {
      const claim = this.#claims[index];
      if (claim === undefined || claim.czxid <= lifetime.czxid) break;
      precedent.passedOver.push(claim);
    }
  }

  #end(precedent: Precedent): void {
    if (precedent.lifetime.certainUntil === Number.POSITIVE_INFINITY) this.#endless.push(precedent);
    else this.#judge(precedent);
  }

  #claim({ at, candidate, czxid }: Claim): void {
    const claim = { place: this.#places++, at, candidate, czxid };
    const index = this.#claims.findLastIndex((one) => one.czxid <= czxid);
    this.#claims.splice(index + 1, 0, claim);
    for (const precedent of [...this.#current.values(), ...this.#endless]) {
      const { lifetime } = precedent;
      if (lifetime.czxid < czxid && lifetime.certainUntil > at) precedent.passedOver.push(claim);
    }
    for (const precedent of this.#byCzxid.get(czxid) ?? []) {
      const { givenUpAt, sequence } = precedent.lifetime;
      if (givenUpAt === null || givenUpAt >= at) continue;
      const message = `candidate ${candidate} claimed with the contender ${sequence}, which it had given up`;
      this.#found.push({ claim, precedent, evidence: { at, message, candidates: [candidate] } });
    }
  }

  /** Called once it is known until when the contender certainly existed. */
  #judge(precedent: Precedent): void {
    const { lifetime: other, passedOver } = precedent;
    for (const claim of passedOver) {
      const { at, candidate, czxid } = claim;
      if (other.certainUntil <= at) continue;
      const message = `candidate ${candidate} (czxid ${czxid}) claimed before candidate ${other.candidate} (czxid ${other.czxid}), which was alive and older`;
      this.#found.push({
        claim,
        precedent,
        evidence: { at, message, candidates: [other.candidate, candidate] },
      });
    }
    precedent.passedOver = [];
  }
}
