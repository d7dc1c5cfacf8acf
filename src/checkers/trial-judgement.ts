/**
 * Several checkers judge one trial. A checker that cannot, for whatever reason, returns "unknown" and says why.
 */
import type { Event } from "../history/event.ts";
import type { TrialHeader } from "../history/header.ts";
import type { Ending } from "../history/history.ts";
import type { Strike } from "../history/strike.ts";
import type { Listener } from "../history/told.ts";
import { messageOf } from "../thrown.ts";
import { Assumptions } from "./assumptions.ts";
import type { Checker, Judgement, Verdict } from "./checker.ts";

export class TrialJudgement<Name extends string> implements Listener {
  readonly #assumptions: Assumptions;
  readonly #judges: readonly (readonly [Name, Judge])[];

  constructor(checkers: Readonly<Record<Name, Checker>>, header: TrialHeader) {
    this.#assumptions = new Assumptions(header);
    const names = Object.keys(checkers) as Name[];
    this.#judges = names.map((name) => [name, new Judge(checkers[name], header)]);
  }

  strike(strike: Strike): void {
    this.#assumptions.strike(strike);
    for (const [, judge] of this.#judges) judge.strike(strike);
  }

  event(event: Event): void {
    this.#assumptions.event(event);
    for (const [, judge] of this.#judges) judge.event(event);
  }

  verdicts(ending: Ending): Record<Name, Verdict> {
    const broken = this.#assumptions.broken();
    const verdicts = this.#judges.map(([name, judge]) => {
      const assumption = judge.checker.assumes.find((one) => broken.has(one));
      const reason = assumption && `the history contradicts itself: ${broken.get(assumption)}`;
      return [name, reason === undefined ? judge.verdict(ending) : { valid: "unknown", reason }] as const;
    });
    return Object.fromEntries(verdicts) as Record<Name, Verdict>;
  }
}

/** A checker at work. Once it has failed it gets no more events. */
class Judge implements Judgement {
  readonly checker: Checker;
  #work: { readonly judgement: Judgement } | { readonly failure: Verdict };

  constructor(checker: Checker, header: TrialHeader) {
    this.checker = checker;
    try {
      this.#work = { judgement: checker.begin(header) };
    } catch (error) {
      this.#work = this.#failed(error);
    }
  }

  strike(strike: Strike): void {
    if ("failure" in this.#work) return;
    try {
      this.#work.judgement.strike(strike);
    } catch (error) {
      this.#work = this.#failed(error);
    }
  }

  event(event: Event): void {
    if ("failure" in this.#work) return;
    try {
      this.#work.judgement.event(event);
    } catch (error) {
      this.#work = this.#failed(error);
    }
  }

  verdict(ending: Ending): Verdict {
    if ("failure" in this.#work) return this.#work.failure;
    try {
      return this.#work.judgement.verdict(ending);
    } catch (error) {
      return this.#failed(error).failure;
    }
  }

  #failed(error: unknown): { readonly failure: Verdict } {
    const reason = `the checker ${this.checker.name} failed: ${messageOf(error)}`;
    return { failure: { valid: "unknown", reason } };
  }
}
