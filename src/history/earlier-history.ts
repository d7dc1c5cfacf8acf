/**
 * What the history of an earlier version lacks (0.2.0 and before): then there was no announcement, no lease and
 * no counter, and so it says. Up to 0.4.0 nobody asked why a server did not tell what it counts. Up to 0.5.0 a
 * trial had one fault, and its header said what all its strikes must lead to; and nobody noted which server
 * served a session.
 */
import { defaultConditions } from "./conditions.ts";
import type { Event, EventOf } from "./event.ts";
import type { TrialHeader } from "./header.ts";
import type { Observations } from "./observations.ts";
import { type Strike, strikesIn } from "./strike.ts";

type Optional<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

export interface EarlierHeader extends Optional<TrialHeader, "counter"> {
  readonly unseatsLeader: boolean;
  readonly boundMs: number;
  readonly expectedNotifications: number;
  readonly expectedAnnouncements?: number;
}

export type EarlierEvent =
  | Exclude<Event, EventOf<"thawed" | "connected">>
  | Optional<EventOf<"thawed">, "lease">
  | Optional<EventOf<"connected">, "server">;

export type EarlierObservations = Optional<Observations, "serverTroubles">;

export function isEarlier(header: TrialHeader | EarlierHeader): header is EarlierHeader {
  return "unseatsLeader" in header;
}

/** What is there stays as it is. */
export function completeHeader(header: TrialHeader | EarlierHeader): TrialHeader {
  const before = { ...defaultConditions, counter: "none" } as const;
  if (!isEarlier(header)) return { ...before, ...header };
  const {
    unseatsLeader: _,
    boundMs: __,
    expectedNotifications: ___,
    expectedAnnouncements: ____,
    ...rest
  } = header;
  return { ...before, ...rest };
}

/** Of the five faults that there were, one alone let the victim fall silent. */
export function earlierStrikes(header: EarlierHeader, events: readonly Event[]): Strike[] {
  const { fault, boundMs, expectedNotifications, expectedAnnouncements = 0 } = header;
  const expects = {
    leader: header.unseatsLeader ? "next" : "same",
    withinMs: boundMs,
    silentMs: fault === "freeze" ? header.sessionTimeoutMs : 0,
    notifications: expectedNotifications,
    announcements: expectedAnnouncements,
  } as const;
  const planned = events.flatMap((event) =>
    event.type === "fault"
      ? { failover: event.failover, fault, victims: [event.victim] as const, expects }
      : [],
  );
  return strikesIn(events, planned);
}

export function completeEvent(event: EarlierEvent): Event {
  switch (event.type) {
    case "thawed":
      return { ...event, lease: event.lease ?? "none" };
    case "connected":
      return { ...event, server: event.server ?? "unknown" };
    default:
      return event;
  }
}

export function completeObservations(observations: EarlierObservations): Observations {
  return { ...observations, serverTroubles: observations.serverTroubles ?? [] };
}
