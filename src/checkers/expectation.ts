/**
 * Promises that each strike led to what it had to lead to: if it was to unseat nobody, the contender that led
 * when it struck leads when all have settled again; if it was to unseat the leader, the oldest of those that it
 * left leads next; if anybody may lead, somebody does; and if its victims were to stay, no contender has ended.
 *
 * Does not promise anything about time, which liveness judges, or about a failover that did not end; nor that
 * the leader stays if its session ended by itself.
 */
import type { Circumstances } from "../history/circumstances.ts";
import type { Event } from "../history/event.ts";
import type { Strike } from "../history/strike.ts";
import { type RecordedTerm, Terms } from "../history/term.ts";
import { failoverTitle, type Window } from "../history/window.ts";
import type { Checker, Evidence, Judgement, Verdict } from "./checker.ts";
import { conclude } from "./conclusion.ts";

export const expectation: Checker = {
  name: "expectation",
  assumes: ["header", "order", "failovers", "terms", "contenders"],
  begin: () => new Met(),
};

/** Who led when the strike came, and when all had settled; `undefined` if nobody did. */
interface Leaders {
  readonly before: RecordedTerm | undefined;
  after: RecordedTerm | undefined;
}

class Met implements Judgement {
  readonly #terms = new Terms();
  /** Terms without an end. */
  readonly #open = new Map<number, RecordedTerm>();
  #comesAt: number | undefined;
  #leaders: Leaders | undefined;
  readonly #evidence: Evidence[] = [];

  strike({ startedAt }: Strike): void {
    this.#comesAt = startedAt;
  }

  event(event: Event): void {
    const term = this.#terms.event(event);
    if (term !== undefined) this.#open.set(term.candidate, term);
    if (event.type === "ended") this.#open.delete(event.candidate);
    // A strike on several reaches them one after the other.
    if (event.type === "fault" && event.at === this.#comesAt)
      this.#leaders = { before: this.#leading, after: undefined };
    if (event.type === "settled" && this.#leaders !== undefined) this.#leaders.after ??= this.#leading;
  }

  window(window: Window, circumstances: Circumstances): void {
    const { strike, end, claim, voided } = window;
    if (end?.type !== "settled" || voided !== null) return;
    const ended = circumstances.othersThatEnded(window);
    const find = (what: string, candidates: readonly number[]) =>
      this.#evidence.push({ at: end.at, message: `${failoverTitle(strike)}: ${what}`, candidates });
    if (strike.expects.contendersStay && ended.length > 0) {
      find(`candidates that were to stay lost their contenders: ${ended.join(", ")}`, ended);
      return;
    }
    if (strike.expects.leader === "next") {
      const oldest = circumstances.oldestSurvivor(window);
      if (claim === null || oldest === undefined || claim.candidate === oldest) return;
      // It could not lead any more.
      if (ended.includes(oldest)) return;
      find(`candidate ${claim.candidate} leads next, and candidate ${oldest} is the oldest that was left`, [
        oldest,
        claim.candidate,
      ]);
      return;
    }
    const { before, after } = this.#leaders ?? {};
    if (strike.expects.leader === "any") {
      if (after === undefined) find("nobody leads when all had settled", strike.victims);
      return;
    }
    if (before !== undefined && before.czxid === after?.czxid) return;
    // Somebody new had to lead.
    if (before !== undefined && ended.includes(before.candidate)) return;
    const now = after === undefined ? "nobody leads" : `candidate ${after.candidate} leads`;
    const then = before === undefined ? "nobody led" : `candidate ${before.candidate} led`;
    const candidates = [before, after].flatMap((term) => term?.candidate ?? []);
    find(`${then} when it struck, and ${now} when all had settled`, candidates);
  }

  verdict(): Verdict {
    return conclude(this.#evidence);
  }

  /** The latest claim counts: an old leader may still believe. */
  get #leading(): RecordedTerm | undefined {
    return [...this.#open.values()].reduce<RecordedTerm | undefined>(
      (latest, term) => (latest === undefined || term.czxid > latest.czxid ? term : latest),
      undefined,
    );
  }
}
