/** The windows of a history that is being told, each judged with its circumstances as soon as it is over. */
import { Circumstances } from "./circumstances.ts";
import type { Event } from "./event.ts";
import type { Strike } from "./strike.ts";
import type { Listener } from "./told.ts";
import { type Window, Windows } from "./window.ts";

/** @param until when the next strike began, if there is one */
export type JudgeWindow = (window: Window, circumstances: Circumstances, until?: number) => void;

export class ExplainedWindows implements Listener {
  readonly #windows = new Windows();
  readonly #circumstances = new Circumstances();
  readonly #judge: JudgeWindow;

  constructor(judge: JudgeWindow) {
    this.#judge = judge;
  }

  /** The last strike's window: it is judged when the next one begins, or by {@link end}. */
  get current(): Window | undefined {
    return this.#windows.current;
  }

  strike(strike: Strike): void {
    this.#windows.strike(strike);
    this.#circumstances.strike(strike);
  }

  event(event: Event): void {
    const over = this.#windows.event(event);
    // First, because the circumstances forget what came before a strike when they hear that it has begun.
    if (over !== undefined) this.#judge(over, this.#circumstances, this.current?.strike.startedAt);
    this.#circumstances.event(event);
  }

  /** Call this once, when all is told. */
  end(): void {
    if (this.current !== undefined) this.#judge(this.current, this.#circumstances);
  }
}
