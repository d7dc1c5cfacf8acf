/** What to try: trials, and groups of trials to be compared. */
import type { SchemeSource } from "../candidates/protocol.ts";
import type { Scheme } from "../election/scheme.ts";
import type { Fault } from "../faults/fault.ts";
import type { Conditions } from "../history/conditions.ts";

export interface TrialPlan extends Omit<Conditions, "fault"> {
  /** The first trial of a run has number 1. */
  readonly trial: number;
  readonly scheme: Scheme;
  readonly schemeSource: SchemeSource;
  readonly fault: Fault;
  readonly failovers: number;
}

/** How trials take turns. */
export interface Turns {
  /** Failovers that are measured in one turn. */
  readonly failovers: number;
  /** Failovers at the start of each turn that are judged, but not measured. */
  readonly warmUps: number;
  /** The order of turns. By default, all take their turns one after the other, again and again. */
  readonly order?: readonly Turn[];
}

export interface Turn {
  readonly trial: number;
  readonly failovers: number;
}

/** One trial after the other, with everything measured. */
export const ONE_TURN: Turns = { failovers: Number.POSITIVE_INFINITY, warmUps: 0 };

/** Trials that are to be compared. */
export interface Group {
  readonly trials: readonly TrialPlan[];
  readonly turns: Turns;
}
