/**
 * What the history of an earlier version lacks (0.2.0 and before): then there was no announcement, no lease and
 * no counter, and so it says. Up to 0.4.0 nobody asked why a server did not tell what it counts.
 */
import type { Event, EventOf } from "./event.ts";
import type { TrialHeader } from "./history.ts";
import type { Observations } from "./observations.ts";

type Optional<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

export type EarlierHeader = Optional<TrialHeader, "expectedAnnouncements" | "counter">;

export type EarlierEvent = Exclude<Event, EventOf<"thawed">> | Optional<EventOf<"thawed">, "lease">;

export type EarlierObservations = Optional<Observations, "serverTroubles">;

/** What is there stays as it is. */
export function completeHeader(header: EarlierHeader): TrialHeader {
  return {
    ...header,
    expectedAnnouncements: header.expectedAnnouncements ?? 0,
    counter: header.counter ?? "none",
  };
}

export function completeEvent(event: EarlierEvent): Event {
  return event.type === "thawed" ? { ...event, lease: event.lease ?? "none" } : event;
}

export function completeObservations(observations: EarlierObservations): Observations {
  return { ...observations, serverTroubles: observations.serverTroubles ?? [] };
}
