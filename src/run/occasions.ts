/** When a trial is struck, and with what. */
import type { Fault } from "../faults/fault.ts";

export interface Occasion {
  /** The failover's number; 0 is a warm-up. */
  readonly failover: number;
  readonly fault: Fault;
}

interface Given {
  readonly fault: Fault;
  over(wasCarriedOut: boolean): void;
}

/** The strikes of one trial that somebody chooses while it runs: each when the one before is over. */
export class Occasions implements AsyncIterable<Occasion> {
  #failovers = 0;
  #isOver = false;
  /** Given, and not taken yet. */
  #given: Given | undefined;
  /** The one that goes on. */
  #current: Given | undefined;
  #wake: () => void = () => undefined;
  #isReady: () => void = () => undefined;
  /** Settles when the trial waits for its first strike, or has ended before. */
  readonly ready = new Promise<void>((resolve) => {
    this.#isReady = resolve;
  });

  /**
   * Strikes, at most once at a time.
   * @returns when the failover is over, and all stand in line again; or when the trial has ended: whether the
   * strike was carried out
   */
  give(fault: Fault): Promise<boolean> {
    if (this.#isOver) return Promise.resolve(false);
    return new Promise((over) => {
      this.#given = { fault, over };
      this.#wake();
    });
  }

  /** No more will be given. */
  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Occasion> {
    try {
      for (;;) {
        this.#isReady();
        this.#current?.over(true);
        this.#current = undefined;
        const taken = await this.#next();
        if (taken === undefined) return;
        this.#current = taken;
        yield { failover: ++this.#failovers, fault: taken.fault };
      }
    } finally {
      // The trial has ended, for whatever reason.
      this.end();
      this.#isReady();
      this.#current?.over(true);
      this.#given?.over(false);
    }
  }

  async #next() {
    while (this.#given === undefined && !this.#isOver)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    const given = this.#given;
    this.#given = undefined;
    return given;
  }
}
