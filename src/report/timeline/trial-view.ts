/** One trial, prepared once for being drawn many times: its failovers, terms and reads, in order. */

import type { Evidence } from "../../checkers/checker.ts";
import type { TrialResult } from "../../export/result.ts";
import { eventsOf } from "../../history/columns.ts";
import type { Event } from "../../history/event.ts";
import { type StaleWrite, staleWritesOf } from "../../history/stale-write.ts";
import { type RecordedTerm, termsOf } from "../../history/term.ts";
import type { TrialEvents } from "../packed-history.ts";
import { type Episode, episodesOf } from "./episode.ts";
import { type ServerRecord, serverRecord } from "./server-course.ts";

/** Stretches of time in the order of their beginnings. */
export interface Spans {
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly candidate: Int32Array;
  /** Tells a search how far back a stretch may begin that still goes on. */
  readonly longest: number;
}

export interface TrialView extends TrialEvents {
  readonly begin: number;
  readonly finish: number;
  /** The time when every candidate had settled for the first time. */
  readonly enrolled: number | null;
  readonly episodes: readonly Episode[];
  readonly terms: readonly RecordedTerm[];
  /** Old leaders' writes, including attempts, in chronological order. */
  readonly stale: readonly StaleWrite[];
  /** Stretches from the request for the list to its arrival. */
  readonly reads: Spans;
  /** `null` if their roles are not known. */
  readonly servers: ServerRecord | null;
  /** The earliest first. */
  readonly violations: readonly Evidence[];
}

export function trialView(trial: TrialEvents, result?: TrialResult): TrialView {
  const { strikes, columns, roles } = trial;
  const events = eventsOf(columns);
  return {
    ...trial,
    begin: columns.at[0] ?? 0,
    finish: columns.at[columns.length - 1] ?? 1,
    enrolled: events.find(({ type }) => type === "enrolled")?.at ?? null,
    episodes: episodesOf({ strikes, events }),
    stale: staleWritesOf({ events }),
    terms: termsOf({ events }),
    reads: readsOf(events),
    servers: serverRecord(events, roles),
    violations: violationsOf(result),
  };
}

export function violationsOf(result: TrialResult | undefined): Evidence[] {
  return Object.values(result?.verdicts ?? {})
    .flatMap((verdict) => (verdict.valid === false ? verdict.evidence : []))
    .sort((a, b) => a.at - b.at);
}

function readsOf(events: readonly Event[]): Spans {
  const asked = new Map<number, number>();
  const reads: { from: number; to: number; candidate: number }[] = [];
  for (const { type, at, candidate } of events) {
    if (type === "reading") asked.set(candidate, at);
    const from = asked.get(candidate);
    if (type !== "read" || from === undefined) continue;
    reads.push({ from, to: at, candidate });
    asked.delete(candidate);
  }
  reads.sort((a, b) => a.from - b.from);
  return {
    from: Float64Array.from(reads, ({ from }) => from),
    to: Float64Array.from(reads, ({ to }) => to),
    candidate: Int32Array.from(reads, ({ candidate }) => candidate),
    longest: reads.reduce((longest, { from, to }) => Math.max(longest, to - from), 0),
  };
}
