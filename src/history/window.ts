/**
 * The window of a failover: from the fault until every candidate that is alive has settled again, or until
 * the failover was given up. Numbers about a failover are counted here and nowhere else, so that neither a
 * victim's return nor the candidates' leaving at the end is mistaken for a part of it.
 */
import type { Event, EventOf } from "./event.ts";
import type { History } from "./history.ts";
import { newLeaders } from "./new-leaders.ts";

export interface Window {
  readonly fault: EventOf<"fault">;
  /** `null` when the trial was interrupted inside the window. */
  readonly end: EventOf<"settled"> | EventOf<"aborted"> | null;
  /** The first claim by which somebody new leads, other than the victim. */
  readonly claim: EventOf<"claimed"> | null;
  /** Told before its end or after it; `null` for a failover that says something of the election. */
  readonly voided: EventOf<"voided"> | null;
  /**
   * What followed the fault, up to and with the end; without an end, up to the next fault or to the last event.
   */
  readonly events: readonly Event[];
}

/** One window for each fault, in the order of time. */
export function windowsOf(history: History): Window[] {
  const windows: { -readonly [F in keyof Window]: F extends "events" ? Event[] : Window[F] }[] = [];
  const leaders = newLeaders(history.events);
  for (const event of history.events) {
    if (event.type === "fault") {
      windows.push({ fault: event, end: null, claim: null, voided: null, events: [] });
      continue;
    }
    const current = windows.at(-1);
    if (current !== undefined && event.type === "voided") current.voided = event;
    if (current === undefined || current.end !== null) continue;
    current.events.push(event);
    if (event.type === "settled" || event.type === "aborted") current.end = event;
    if (event.type === "claimed" && leaders.has(event) && event.candidate !== current.fault.victim)
      current.claim ??= event;
  }
  return windows;
}

/**
 * The successor's claim. Without an end, one may as well come from the candidates' leaving, and is no
 * successor's.
 */
export function successorIn({ claim, end }: Window): EventOf<"claimed"> | null {
  return end === null ? null : claim;
}

/** What to call a failover in a sentence. */
export function titleOf({ failover }: { readonly failover: number }): string {
  return failover === 0 ? "a warm-up" : `failover ${failover}`;
}

/**
 * When the last candidate waited again, or led: the coordinator sees it only a little later. The fault's own
 * time where nobody had to; `null` where the window did not end so.
 */
export function settledAt({ fault, end, events }: Window): number | null {
  if (end?.type !== "settled") return null;
  const last = events.findLast(
    ({ type, candidate }) => (type === "armed" || type === "claimed") && candidate !== fault.victim,
  );
  return (last ?? fault).at;
}
