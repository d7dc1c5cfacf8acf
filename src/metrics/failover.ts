/**
 * What one failover cost. Its time is detection (fault → the first notification that any candidate receives),
 * notification (→ the successor's own) and takeover (→ its claim), which add up to the total.
 */
import { Circumstances } from "../history/circumstances.ts";
import type { Event, EventOf } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { settledAt, successorIn, type Window, windowsOf } from "../history/window.ts";
import { type OldLeader, OldLeaders } from "./old-leader.ts";

export interface Failover extends OldLeader {
  /** Counts from 1. */
  readonly failover: number;
  /** How its window ended; `null` when the trial was interrupted inside it. */
  readonly end: "settled" | "aborted" | null;
  readonly victim: number;
  /** When the fault struck, since the run's origin. */
  readonly atMs: number;
  /** `null` where nobody new led, and then there is no total either. */
  readonly successor: number | null;
  readonly totalMs: number | null;
  /** The three parts are `null` where the successor claimed without having been notified. */
  readonly detectionMs: number | null;
  readonly notificationMs: number | null;
  readonly takeoverMs: number | null;
  /** Fault → the last candidate waits again, or leads. `null` where the window did not end so. */
  readonly settledMs: number | null;
  /** Of an end that somebody watched for: the herd. */
  readonly notifications: number;
  /** Of a new leader's announcement, after its claim. */
  readonly announcements: number;
  /** Lists asked for because of a notification. */
  readonly reads: number;
  /** Candidates other than the victim that lost their connection. */
  readonly disconnects: number;
  /**
   * The longest time for which a candidate other than the victim kept its event loop busy, over the whole
   * failover: no notification waited for longer in any thread. `null` where it was not recorded.
   */
  readonly busyMs: number | null;
}

const milliseconds = (from: number, to: number) => (to - from) / 1e6;

/** One for each strike, in the order of time. Warm-ups are left out. */
export function failovers(history: History): Failover[] {
  const oldLeaders = new OldLeaders(history);
  const causes = new Circumstances(history);
  const windows = windowsOf(history);
  return windows.flatMap((window, index) => {
    if (window.strike.failover === 0) return [];
    const claim = successorIn(window);
    return {
      ...failoverOf(window, claim, causes),
      ...oldLeaders.in(window, claim, windows[index + 1]?.strike.startedAt),
    };
  });
}

function failoverOf(
  window: Window,
  claim: EventOf<"claimed"> | null,
  causes: Circumstances,
): Omit<Failover, keyof OldLeader> {
  const { strike, end, events } = window;
  const { victims, startedAt } = strike;
  return {
    failover: strike.failover,
    end: end?.type ?? null,
    victim: victims[0],
    atMs: startedAt / 1e6,
    successor: claim?.candidate ?? null,
    totalMs: claim === null ? null : milliseconds(startedAt, claim.at),
    ...partsOf(window, claim, causes),
    settledMs: settledMs(window),
    notifications: events.filter(isHerd).length,
    announcements: events.filter((event) => event.type === "notified" && !isHerd(event)).length,
    reads: events.filter(
      (event) => event.type === "reading" && (event.cause === "notified" || event.cause === "vanished"),
    ).length,
    disconnects: new Set(
      events.flatMap(({ type, candidate }) =>
        type === "suspended" && !victims.includes(candidate) ? [candidate] : [],
      ),
    ).size,
    busyMs: busyMs(window),
  };
}

/** An announcement tells of a leader, and not of an end. */
function isHerd(event: Event): event is EventOf<"notified"> {
  return event.type === "notified" && event.watch !== "announcement";
}

function partsOf(window: Window, claim: EventOf<"claimed"> | null, causes: Circumstances) {
  const { strike, events } = window;
  const explained = causes.explained(window);
  // What another contender's end told is no sign of this one's.
  const notified = events.filter(isHerd).filter((event) => !explained.has(event));
  const [first] = notified;
  const own = notified.find(({ candidate }) => candidate === claim?.candidate);
  if (claim === null || first === undefined || own === undefined || own.at > claim.at) {
    return { detectionMs: null, notificationMs: null, takeoverMs: null };
  }
  return {
    detectionMs: milliseconds(strike.startedAt, first.at),
    notificationMs: milliseconds(first.at, own.at),
    takeoverMs: milliseconds(own.at, claim.at),
  };
}

function busyMs({ strike, events }: Window): number | null {
  return events.reduce<number | null>(
    (longest, event) =>
      event.type === "caughtUp" && !strike.victims.includes(event.candidate)
        ? Math.max(longest ?? 0, event.busyMicros / 1000)
        : longest,
    null,
  );
}

function settledMs(window: Window): number | null {
  const at = settledAt(window);
  return at === null ? null : milliseconds(window.strike.startedAt, at);
}
