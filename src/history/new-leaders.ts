/** Finds claims that make a new leader: a leader that claims again with the same contender is not new. */
import type { Event, EventOf } from "./event.ts";

/**
 * The first claim with each contender. It claims again when its connection is back, or when its lease had run
 * out and holds again.
 */
export function newLeaders(events: readonly Event[]): ReadonlySet<EventOf<"claimed">> {
  const first = new Map<number, EventOf<"claimed">>();
  for (const event of events) {
    if (event.type === "claimed" && !first.has(event.czxid)) first.set(event.czxid, event);
  }
  return new Set(first.values());
}
