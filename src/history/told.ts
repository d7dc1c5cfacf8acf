/** A history as it is told: what happened, one after the other. */
import type { Event } from "./event.ts";
import type { History } from "./history.ts";
import type { Strike } from "./strike.ts";

/** When a strike ended, the events tell. */
export type Told = { readonly strike: Strike } | { readonly event: Event };

/** In the order of time, each strike before its own events. */
export function* toldOf({ strikes, events }: Pick<History, "strikes" | "events">): Generator<Told> {
  let next = 0;
  for (const event of events) {
    for (let strike = strikes[next]; strike && strike.startedAt <= event.at; strike = strikes[++next])
      yield { strike };
    yield { event };
  }
  for (const strike of strikes.slice(next)) yield { strike };
}

/** Whoever is told a history. */
export interface Listener {
  strike(strike: Strike): void;
  event(event: Event): void;
}

/** @returns the listener, who has heard all */
export function tell<L extends Listener>(told: Iterable<Told>, listener: L): L {
  for (const one of told) {
    if ("strike" in one) listener.strike(one.strike);
    else listener.event(one.event);
  }
  return listener;
}
