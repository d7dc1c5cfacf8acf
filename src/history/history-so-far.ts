import type { Event } from "./event.ts";
import type { TrialHeader } from "./header.ts";
import type { Ending, History } from "./history.ts";
import { type Strike, Strikes } from "./strike.ts";
import type { Listener } from "./told.ts";

/** Keeps all that is told of a trial. */
export class HistorySoFar implements Listener {
  readonly #header: TrialHeader;
  readonly #strikes = new Strikes();
  readonly #events: Event[] = [];

  constructor(header: TrialHeader) {
    this.#header = header;
  }

  strike(strike: Strike): void {
    this.#strikes.begin(strike);
  }

  event(event: Event): void {
    this.#strikes.see(event);
    this.#events.push(event);
  }

  ended(ending: Ending): History {
    return { header: this.#header, strikes: this.#strikes.soFar, events: this.#events, ...ending };
  }
}
