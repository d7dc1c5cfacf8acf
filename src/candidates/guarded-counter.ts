/**
 * What a leader does with its leadership: it writes to the trial's counter, one write after the other, for as
 * long as it believes that it leads. It does not look at its lease. That is the point: what an old leader does
 * that nobody has told yet, and whether something holds it back, is to be seen.
 *
 * Not promised: that a write is accepted, or that its outcome is known. A refused or lost one ends nothing, and
 * one that is under way when the term ends is let go: what comes of it is recorded when it comes.
 */
import { Fenced } from "../election/fence.ts";
import type { Recorder } from "../history/recorder.ts";

/** Makes one write with a term's token. @returns the version of the znode after it @throws {Fenced} */
export type Write = (token: number) => Promise<number>;

/**
 * Between an answer and the next write: fifty times in a session timeout, and never so often that it is a load.
 */
export function pauseMs(sessionTimeoutMs: number): number {
  return Math.max(10, sessionTimeoutMs / 50);
}

export class GuardedCounter {
  readonly #recorder: Recorder;
  readonly #write: Write;
  readonly #pauseMs: number;
  /** Whose turn it is; each term has an object of its own. */
  #term: { readonly token: number } | undefined;
  #next: NodeJS.Timeout | undefined;
  #underWay: Promise<void> = Promise.resolve();

  constructor(recorder: Recorder, write: Write, pauseMs: number) {
    this.#recorder = recorder;
    this.#write = write;
    this.#pauseMs = pauseMs;
  }

  /** A term has begun: writes with its token, at once and from now on. */
  begin(token: number): void {
    this.end();
    this.#term = { token };
    this.#act(this.#term);
  }

  /** It has stood still in the midst of its work: it writes before it hears of anything. */
  goOn(): void {
    clearTimeout(this.#next);
    if (this.#term !== undefined) this.#act(this.#term);
  }

  /** The candidate no longer believes that it leads. */
  end(): void {
    clearTimeout(this.#next);
    this.#term = undefined;
  }

  /** When the write that is under way has been answered, one way or the other. */
  rest(): Promise<void> {
    return this.#underWay;
  }

  #act(term: { readonly token: number }): void {
    this.#underWay = this.#writeOnce(term.token).then(() => {
      if (term === this.#term) this.#next = setTimeout(() => this.#act(term), this.#pauseMs);
    });
  }

  async #writeOnce(token: number): Promise<void> {
    try {
      this.#recorder.record("wrote", token, await this.#write(token));
    } catch (error) {
      if (error instanceof Fenced) this.#recorder.record("refused", token);
    }
  }
}
