/**
 * Promises that the election went on: after each strike that unseats the leader another candidate led within
 * the bound, and no failover had to be given up.
 *
 * Does not promise anything about failovers that an interruption left out, or in which the fault did not strike
 * or the servers did not answer, or about the duration of one in which other contenders ended as well; and does
 * not say who should have led.
 */
import type { Circumstances } from "../history/circumstances.ts";
import type { Event, VoidReason } from "../history/event.ts";
import { failoverTitle, type Window } from "../history/window.ts";
import type { Checker, Evidence, Judgement, Verdict } from "./checker.ts";
import { conclude } from "./conclusion.ts";

const NS_PER_MS = 1e6;

/** The verdict on a window once it is known when the history ends. */
type Opinion = (last: number) => Verdict;

function judgeWindow(window: Window, circumstances: Circumstances): Opinion {
  const { strike, end, claim, voided } = window;
  const { victims, startedAt, expects } = strike;
  const violation = (at: number, what: string, candidates: readonly number[] = victims) =>
    conclude([{ at, message: `${failoverTitle(strike)}: ${what}`, candidates }]);
  const unfinished = conclude([], [`the history ends in ${failoverTitle(strike)}`]);
  // Another candidate that ends has to be missed first, and then succeeded: the bound is for one death.
  const others = circumstances.othersThatEnded(window).length;
  const late = (...found: Parameters<typeof violation>) =>
    others === 0
      ? violation(...found)
      : conclude(
          [],
          [`${failoverTitle(strike)}: ${found[1]}, while the contenders of ${others} others ended as well`],
        );
  const certain = (verdict: Verdict) => () => verdict;

  if (voided !== null) return certain(conclude([], [`${failoverTitle(strike)}: ${whyVoid(voided.reason)}`]));
  if (end?.type === "aborted") return certain(late(end.at, `given up after ${expects.withinMs} ms`));
  if (expects.leader === "same") return certain(end === null ? unfinished : conclude([]));

  const deadline = startedAt + expects.withinMs * NS_PER_MS;
  if (claim !== null) {
    if (claim.at <= deadline) return certain(conclude([]));
    const tookMs = (claim.at - startedAt) / NS_PER_MS;
    const what = `candidate ${claim.candidate} led only after ${tookMs} ms, the bound is ${expects.withinMs} ms`;
    return certain(late(claim.at, what, [...victims, claim.candidate]));
  }
  if (end !== null) return certain(violation(end.at, "all settled, but nobody leads"));
  const tooLate = late(deadline, `nobody led within ${expects.withinMs} ms`);
  return (last) => (last > deadline ? tooLate : unfinished);
}

function whyVoid(reason: VoidReason): string {
  switch (reason) {
    case "not-struck":
      return "the fault did not strike: the victim's contender still stood";
    case "no-answer":
      return "the servers no longer answered";
    default:
      return reason satisfies never;
  }
}

export const liveness: Checker = {
  name: "liveness",
  assumes: ["header", "order", "failovers"],

  begin: ({ failovers }) => new Liveness(failovers),
};

class Liveness implements Judgement {
  readonly #failovers: number;
  /** Opinions on the windows that have one. */
  readonly #opinions: Opinion[] = [];
  #last = Number.NEGATIVE_INFINITY;
  #windows = 0;
  /** The first failover that was given up. */
  #aborted: Event | undefined;
  #abortedInWindow = false;

  constructor(failovers: number) {
    this.#failovers = failovers;
  }

  event(event: Event): void {
    this.#last = event.at;
    if (event.type === "aborted") this.#aborted ??= event;
  }

  window(window: Window, circumstances: Circumstances): void {
    this.#windows++;
    if (window.end !== null && window.end === this.#aborted) this.#abortedInWindow = true;
    const opinion = judgeWindow(window, circumstances);
    if (opinion(Number.POSITIVE_INFINITY).valid !== true) this.#opinions.push(opinion);
  }

  verdict(): Verdict {
    const evidence: Evidence[] = [];
    const doubts: string[] = [];
    for (const opinion of this.#opinions) {
      const verdict = opinion(this.#last);
      if (verdict.valid === false) evidence.push(...verdict.evidence);
      else if (verdict.valid === "unknown") doubts.push(verdict.reason);
    }
    if (this.#aborted !== undefined && !this.#abortedInWindow)
      evidence.push({ at: this.#aborted.at, message: "given up outside of a failover", candidates: [] });
    if (this.#windows === 0 && this.#failovers > 0) doubts.push("the history ends before the first failover");
    return conclude(evidence, doubts);
  }
}
