/**
 * Estimates how far a run has come, and how long it may still take: a rough estimate of the remaining work,
 * scaled by the time that the work so far has really taken.
 */
import { outcomeOf } from "../faults/outcome.ts";
import { sameConditions } from "../history/conditions.ts";
import type { RunProgress } from "../run/progress.ts";
import type { Group, TrialPlan } from "../run/trial-plan.ts";

/** Below this share there is no estimate: the start of a run says little about the rest. */
const SOON = 0.02;

export class Estimate {
  readonly #now: () => number;
  #startedAt = 0;
  #expectedMs = 0;
  #doneMs = 0;
  #trials = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Call this with every progress event, in order. */
  follow(progress: RunProgress): void {
    if (progress.type === "opening") {
      this.#startedAt = this.#now();
      this.#trials = Math.max(
        0,
        ...progress.groups.flatMap(({ trials }) => trials.map(({ trial }) => trial)),
      );
      this.#expectedMs = expectedMs(progress.groups);
    } else if (progress.type === "failover") {
      this.#doneMs += failoverMs(progress.plan);
    } else if (progress.type === "leaving") {
      this.#doneMs += startMs(progress.plan);
    }
  }

  /** The number of the last trial. */
  get trials(): number {
    return this.#trials;
  }

  /** A share from 0 to 1. */
  get share(): number {
    return this.#expectedMs === 0 ? 0 : Math.min(1, this.#doneMs / this.#expectedMs);
  }

  /** `undefined` while it is too early to tell. */
  get leftMs(): number | undefined {
    if (this.share < SOON) return undefined;
    const elapsedMs = this.#now() - this.#startedAt;
    return elapsedMs / this.share - elapsedMs;
  }
}

function expectedMs(groups: readonly Group[]): number {
  let before: TrialPlan | undefined;
  let ms = 0;
  for (const { trials, turns } of groups) {
    for (const plan of trials) {
      const turnsToTake = Math.ceil(plan.failovers / turns.failovers);
      ms += (plan.failovers + turnsToTake * turns.warmUps) * failoverMs(plan);
      // The same threads serve trials that are alike.
      if (before === undefined || !sameConditions(before, plan)) ms += startMs(plan);
      before = plan;
    }
  }
  return ms;
}

/** Threads start one after the other. */
function startMs({ candidates }: TrialPlan): number {
  return 400 + 30 * candidates;
}

/** Includes the victim's return, and the looks before and after. */
function failoverMs({ candidates, scheme, fault, sessionTimeoutMs }: TrialPlan): number {
  // A strike that may take its time is taken for one that ends in a whole silence.
  const silentMs = outcomeOf(fault, sessionTimeoutMs).silentMs ?? sessionTimeoutMs;
  const pauseMs = silentMs === 0 ? 0 : 1.3 * silentMs + 500;
  const herd = scheme.isOpaque === true ? 1 : scheme.notifications({ contenders: candidates, position: 0 });
  const perCandidateMs = herd > 1 ? 1.5 : 0.5;
  return 20 + perCandidateMs * candidates + pauseMs;
}
