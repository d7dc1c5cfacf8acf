/**
 * Several checkers judge one trial. A checker that cannot, for whatever reason, returns "unknown" and says why.
 */
import type { Circumstances } from "../history/circumstances.ts";
import type { Event } from "../history/event.ts";
import type { WindowListener } from "../history/explained-windows.ts";
import type { TrialHeader } from "../history/header.ts";
import type { Ending } from "../history/history.ts";
import type { Strike } from "../history/strike.ts";
import type { Window } from "../history/window.ts";
import { messageOf } from "../thrown.ts";
import { Assumptions } from "./assumptions.ts";
import type { Checker, Judgement, Verdict } from "./checker.ts";

export class TrialJudgement<Name extends string> implements WindowListener {
  readonly #assumptions: Assumptions;
  readonly #judges: readonly (readonly [Name, Judge])[];

  constructor(checkers: Readonly<Record<Name, Checker>>, header: TrialHeader) {
    this.#assumptions = new Assumptions(header);
    const names = Object.keys(checkers) as Name[];
    this.#judges = names.map((name) => [name, new Judge(checkers[name], header)]);
  }

  strike(strike: Strike): void {
    this.#assumptions.strike(strike);
    for (const [, judge] of this.#judges) judge.tell((judgement) => judgement.strike?.(strike));
  }

  event(event: Event): void {
    this.#assumptions.event(event);
    for (const [, judge] of this.#judges) judge.tell((judgement) => judgement.event?.(event));
  }

  window(window: Window, circumstances: Circumstances, until?: number): void {
    for (const [, judge] of this.#judges)
      judge.tell((judgement) => judgement.window?.(window, circumstances, until));
  }

  verdicts(ending: Ending): Record<Name, Verdict> {
    const broken = this.#assumptions.broken();
    const verdicts = this.#judges.map(([name, judge]) => {
      const assumption = judge.checker.assumes.find((one) => broken.has(one));
      const reason = assumption && `the history contradicts itself: ${broken.get(assumption)}`;
      return [name, reason === undefined ? judge.verdict(ending) : unknown(reason)] as const;
    });
    return Object.fromEntries(verdicts) as Record<Name, Verdict>;
  }
}

/** A checker at work. Once it has failed it is told no more. */
class Judge {
  readonly checker: Checker;
  #judgement: Judgement | undefined;
  #failure = "";

  constructor(checker: Checker, header: TrialHeader) {
    this.checker = checker;
    this.#attempt(() => {
      this.#judgement = checker.begin(header);
    });
  }

  tell(say: (judgement: Judgement) => void): void {
    const judgement = this.#judgement;
    if (judgement !== undefined) this.#attempt(() => say(judgement));
  }

  verdict(ending: Ending): Verdict {
    return this.#attempt(() => this.#judgement?.verdict(ending)) ?? unknown(this.#failure);
  }

  #attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#judgement = undefined;
      this.#failure = `the checker ${this.checker.name} failed: ${messageOf(error)}`;
      return undefined;
    }
  }
}

function unknown(reason: string): Verdict {
  return { valid: "unknown", reason };
}
