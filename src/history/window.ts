/**
 * The window of a failover: from its strike until every candidate that is alive has settled again, or until
 * the failover was given up. Numbers about a failover are counted here and nowhere else, so that neither a
 * victim's return nor the candidates' leaving at the end is mistaken for a part of it.
 */
import type { Event, EventOf } from "./event.ts";
import type { History } from "./history.ts";
import { newLeaders } from "./new-leaders.ts";
import type { Strike } from "./strike.ts";

export interface Window {
  readonly strike: Strike;
  /** `null` when the trial was interrupted inside the window. */
  readonly end: EventOf<"settled"> | EventOf<"aborted"> | null;
  /** The first claim by which somebody new leads, other than a victim. */
  readonly claim: EventOf<"claimed"> | null;
  /** Told before its end or after it; `null` for a failover that says something of the election. */
  readonly voided: EventOf<"voided"> | null;
  /**
   * What followed the strike, up to and with the end; without an end, up to the next strike or to the last
   * event.
   */
  readonly events: readonly Event[];
}

/** One window for each strike, in the order of time, up to the last event. */
export function windowsOf(history: Pick<History, "events" | "strikes">): Window[] {
  const windows: { -readonly [F in keyof Window]: F extends "events" ? Event[] : Window[F] }[] = [];
  const leaders = newLeaders(history.events);
  for (const event of history.events) {
    const strike = history.strikes[windows.length];
    if (strike !== undefined && strike.startedAt <= event.at)
      windows.push({ strike, end: null, claim: null, voided: null, events: [] });
    if (event.type === "fault") continue;
    const current = windows.at(-1);
    if (current !== undefined && event.type === "voided") current.voided = event;
    if (current === undefined || current.end !== null) continue;
    current.events.push(event);
    if (event.type === "settled" || event.type === "aborted") current.end = event;
    if (event.type === "claimed" && leaders.has(event) && !current.strike.victims.includes(event.candidate))
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

/** When the window ended, or the last that is known of it. */
export function endOf({ strike, end, events }: Window): number {
  return end?.at ?? events.at(-1)?.at ?? strike.startedAt;
}

/** The herd: notifications of an end, or of a change to the child list; and those that told of a new leader. */
export function notificationsIn({ events }: Window) {
  const all = events.filter((event) => event.type === "notified");
  return {
    herd: all.filter(({ watch }) => watch !== "announcement"),
    told: all.filter(({ watch }) => watch === "announcement"),
  };
}

/** What to call a failover in a sentence. */
export function failoverTitle({ failover }: { readonly failover: number }): string {
  return failover === 0 ? "a warm-up" : `failover ${failover}`;
}

/**
 * When the last candidate waited again, or led: the coordinator sees it only a little later. The strike's own
 * time where nobody had to; `null` where the window did not end so.
 */
export function settledAt({ strike, end, events }: Window): number | null {
  if (end?.type !== "settled") return null;
  const last = events.findLast(
    ({ type, candidate }) => (type === "armed" || type === "claimed") && !strike.victims.includes(candidate),
  );
  return last?.at ?? strike.startedAt;
}
