/** What to try: trials, and groups of trials to be compared. */
import type { SchemeSource } from "../candidates/protocol.ts";
import type { Scheme } from "../election/scheme.ts";
import type { Fault } from "../faults/fault.ts";
import type { Conditions } from "../history/conditions.ts";
import type { Occasions } from "./occasions.ts";

export interface TrialPlan extends Omit<Conditions, "fault"> {
  /** The first trial of a run has number 1. */
  readonly trial: number;
  readonly scheme: Scheme;
  readonly schemeSource: SchemeSource;
  readonly fault: Fault;
  /** 0 if somebody chooses the strikes. */
  readonly failovers: number;
  /**
   * Measures what its candidates cost that join, and that wait for so long, before the first failover; with 0
   * only the first.
   * @default it is not measured
   */
  readonly restMs?: number;
  /**
   * The strikes that somebody chooses while the trial runs.
   * @default the fault strikes again and again
   */
  readonly occasions?: Occasions;
}

/** How trials take turns. */
export interface Turns {
  /** Failovers that are measured in one turn. */
  readonly failovers: number;
  /** Failovers at the start of each turn that are judged, but not measured. */
  readonly warmUps: number;
  /**
   * The order of turns. `at-once`: all run at the same time, each with candidates of its own.
   * @default all take their turns one after the other, again and again
   */
  readonly order?: readonly Turn[] | "at-once";
}

export interface Turn {
  readonly trial: number;
  readonly failovers: number;
}

/** One trial after the other, with everything measured. */
export const ONE_TURN: Turns = { failovers: Number.POSITIVE_INFINITY, warmUps: 0 };

/** All at the same time, with everything measured. */
export const AT_ONCE: Turns = { ...ONE_TURN, order: "at-once" };

/** Trials that are to be compared. */
export interface Group {
  readonly trials: readonly TrialPlan[];
  readonly turns: Turns;
}

/** The most that its trials have at a time of what is counted. */
export function together({ trials, turns }: Group, count: (trial: TrialPlan) => number): number {
  const counts = trials.map(count);
  return turns.order === "at-once" ? counts.reduce((sum, one) => sum + one, 0) : Math.max(0, ...counts);
}
