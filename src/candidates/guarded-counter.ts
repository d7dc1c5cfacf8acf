/**
 * A leader's use of its leadership: it writes to the trial's counter, one write after the other, for as long as
 * it believes that it leads. It does not check its lease. That is the point: the trial is to show what an old
 * leader does before anybody has told it, and whether something holds it back.
 *
 * Not promised: that a write is accepted, or that its outcome is known. A refused or lost write ends nothing,
 * and a write in flight when the term ends is let go: its outcome is recorded when it arrives.
 */
import { Fenced } from "../election/fence.ts";
import type { Recorder } from "../history/recorder.ts";

/**
 * Makes one write with a term's token.
 * @returns the znode's version after it
 * @throws {Fenced}
 */
export type Write = (token: number) => Promise<number>;

/**
 * The pause between an answer and the next write: fifty writes per session timeout, but never so many that they
 * are a load.
 */
export function pauseMs(sessionTimeoutMs: number): number {
  return Math.max(10, sessionTimeoutMs / 50);
}

export class GuardedCounter {
  readonly #recorder: Recorder;
  readonly #write: Write;
  readonly #pauseMs: number;
  /** The current term; each term has a separate object. */
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

  /** The thread stood still in the middle of its work: it writes before it learns anything. */
  goOn(): void {
    clearTimeout(this.#next);
    if (this.#term !== undefined) this.#act(this.#term);
  }

  /** The candidate no longer believes that it leads. */
  end(): void {
    clearTimeout(this.#next);
    this.#term = undefined;
  }

  /** Settles when the write in flight has been answered, one way or the other. */
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
