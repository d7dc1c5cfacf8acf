/** The windows of a history that is being told, each with its circumstances as soon as it is over. */
import { Circumstances } from "./circumstances.ts";
import type { Event } from "./event.ts";
import type { Strike } from "./strike.ts";
import { type Listener, type Told, tell } from "./told.ts";
import { type Window, Windows } from "./window.ts";

/** Listens to strikes, to events, and to each window when it is over: before the event that follows it. */
export interface WindowListener extends Partial<Listener> {
  /** @param until when the next strike began, if there is one */
  window?(window: Window, circumstances: Circumstances, until?: number): void;
}

/** Gathers the windows for one listener, which passes them on if others need them too. */
export class ExplainedWindows implements Listener {
  readonly #windows = new Windows();
  readonly #circumstances = new Circumstances();
  readonly #listener: WindowListener;

  constructor(listener: WindowListener) {
    this.#listener = listener;
  }

  strike(strike: Strike): void {
    this.#windows.strike(strike);
    this.#circumstances.strike(strike);
    this.#listener.strike?.(strike);
  }

  event(event: Event): void {
    const over = this.#windows.event(event);
    // First, because the circumstances forget what came before a strike when they hear that it has begun.
    if (over !== undefined)
      this.#listener.window?.(over, this.#circumstances, this.#windows.current?.strike.startedAt);
    this.#circumstances.event(event);
    this.#listener.event?.(event);
  }

  /** All is told: the last window is over. Call this once. */
  end(): void {
    const { current } = this.#windows;
    if (current !== undefined) this.#listener.window?.(current, this.#circumstances);
  }
}

/** @returns the listener, which has heard everything, windows included */
export function explain<L extends WindowListener>(told: Iterable<Told>, listener: L): L {
  tell(told, new ExplainedWindows(listener)).end();
  return listener;
}
