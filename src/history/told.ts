/** Merges a history into one sequence of strikes and events. */
import type { Event } from "./event.ts";
import type { History } from "./history.ts";
import type { Strike } from "./strike.ts";

/** The events show when a strike ended. */
export type Told = { readonly strike: Strike } | { readonly event: Event };

/** Strikes and events in chronological order, each strike before its own events. */
export function* chronicleOf({ strikes, events }: Pick<History, "strikes" | "events">): Generator<Told> {
  let next = 0;
  for (const event of events) {
    for (let strike = strikes[next]; strike && strike.startedAt <= event.at; strike = strikes[++next])
      yield { strike };
    yield { event };
  }
  for (const strike of strikes.slice(next)) yield { strike };
}

/** Listens to a history that is told. */
export interface Listener {
  strike(strike: Strike): void;
  event(event: Event): void;
}

/** @returns the listener, which has heard everything */
export function tell<L extends Listener>(told: Iterable<Told>, listener: L): L {
  for (const one of told) {
    if ("strike" in one) listener.strike(one.strike);
    else listener.event(one.event);
  }
  return listener;
}
