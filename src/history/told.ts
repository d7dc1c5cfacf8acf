/** Merges a history into one sequence of strikes and events. */
import type { Event } from "./event.ts";
import type { History } from "./history.ts";
import type { Strike } from "./strike.ts";

/** The events show when a strike ended. */
export type Told = { readonly strike: Strike } | { readonly event: Event };

/** In chronological order, each strike before its own events. */
export function* toldOf({ strikes, events }: Pick<History, "strikes" | "events">): Generator<Told> {
  let next = 0;
  for (const event of events) {
    for (let strike = strikes[next]; strike && strike.startedAt <= event.at; strike = strikes[++next])
      yield { strike };
    yield { event };
  }
  for (const strike of strikes.slice(next)) yield { strike };
}
