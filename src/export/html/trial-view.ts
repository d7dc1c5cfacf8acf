/** One trial, prepared once for being drawn many times: its failovers, terms and reads, in order. */

import type { Evidence } from "../../checkers/checker.ts";
import { type EventColumns, eventsOf, kindCodes } from "../../history/columns.ts";
import { type StaleWrite, staleWritesOf } from "../../history/stale-write.ts";
import { type RecordedTerm, termsOf } from "../../history/term.ts";
import type { TrialResult } from "../result.ts";
import { type Episode, episodesIn } from "./episode.ts";
import type { TrialEvents } from "./packed-history.ts";

/** Stretches of time in the order of their beginnings. */
export interface Spans {
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly candidate: Int32Array;
  /** So that a search knows how far back one may begin that still goes on. */
  readonly longest: number;
}

export interface TrialView extends TrialEvents {
  readonly begin: number;
  readonly finish: number;
  /** When every candidate had settled for the first time. */
  readonly enrolled: number | null;
  readonly episodes: readonly Episode[];
  readonly terms: readonly RecordedTerm[];
  /** What old leaders wrote, or tried to, in the order of time. */
  readonly stale: readonly StaleWrite[];
  /** From asking for the list to its arrival. */
  readonly reads: Spans;
  /** The earliest first. */
  readonly violations: readonly Evidence[];
}

export function trialView(events: TrialEvents, result?: TrialResult): TrialView {
  const { strikes, columns } = events;
  const few = eventsOf(columns, ["claimed", "leased", "ended", "enrolled"]);
  return {
    ...events,
    begin: columns.at[0] ?? 0,
    finish: columns.at[columns.length - 1] ?? 1,
    enrolled: few.find(({ type }) => type === "enrolled")?.at ?? null,
    episodes: episodesIn(strikes, columns),
    stale: staleWritesOf({ events: eventsOf(columns, ["claimed", "wrote", "refused"]) }),
    terms: termsOf({ events: few }),
    reads: readsOf(columns),
    violations: violationsOf(result),
  };
}

export function violationsOf(result: TrialResult | undefined): Evidence[] {
  return Object.values(result?.verdicts ?? {})
    .flatMap((verdict) => (verdict.valid === false ? verdict.evidence : []))
    .sort((a, b) => a.at - b.at);
}

function readsOf({ length, at, kind, candidate }: EventColumns): Spans {
  const [reading, read] = [kindCodes.reading, kindCodes.read];
  const asked: number[] = [];
  const open = new Map<number, number>();
  const answered = new Map<number, number>();
  for (let i = 0; i < length; i++) {
    const who = candidate[i] ?? 0;
    if (kind[i] === reading) {
      asked.push(i);
      open.set(who, i);
    } else if (kind[i] === read) {
      const question = open.get(who);
      if (question !== undefined) answered.set(question, i);
      open.delete(who);
    }
  }
  const complete = asked.filter((question) => answered.has(question));
  const from = Float64Array.from(complete, (question) => at[question] ?? 0);
  const to = Float64Array.from(complete, (question) => at[answered.get(question) ?? question] ?? 0);
  return {
    from,
    to,
    candidate: Int32Array.from(complete, (question) => candidate[question] ?? 0),
    longest: from.reduce((longest, start, i) => Math.max(longest, (to[i] ?? 0) - start), 0),
  };
}
