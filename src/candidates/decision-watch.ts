/**
 * Watches over a user's own scheme: a thread whose scheme does not reach a decision hears nothing and says
 * nothing.
 */
import { setTimeout as delay } from "node:timers/promises";
import { CandidateFailed } from "./blame.ts";
import type { Board } from "./board.ts";
import { breakOff } from "./break-off.ts";

/**
 * A user's scheme that has not decided by then never will; if its thread is to end, this limit also applies.
 */
const DECIDES_WITHIN_MS = 3000;
const DECIDES_AT_LAST_WITHIN_MS = 1000;

export interface Watched {
  readonly board: Board;
  readonly candidates: number;
  /** Returns `undefined` for a candidate whose thread does not run. */
  threadOf(candidate: number): number | undefined;
  onFailure(failure: CandidateFailed): void;
}

export class DecisionWatch {
  readonly #watched: Watched;
  readonly #over = new AbortController();
  readonly #brokenOff = new Set<number>();
  /** The user's scheme that joined last. */
  #title: string | undefined;
  #leaving = false;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /** The candidates whose decisions were broken off. */
  get brokenOff(): ReadonlySet<number> {
    return this.#brokenOff;
  }

  /** This scheme is the one that decides from now on. */
  begin(title: string): void {
    const first = this.#title === undefined;
    this.#title = title;
    if (first) void this.#untilStuck();
  }

  /** All are to leave, and for that they must hear: from now on, decisions that never end are broken off. */
  leave(): void {
    this.#leaving = true;
    if (this.#title !== undefined) void this.#breakOffLoops();
  }

  /** All have left. */
  end(): void {
    this.#over.abort();
  }

  /** Checking the board costs a few microseconds every three seconds, and only for a user's own scheme. */
  async #untilStuck(): Promise<void> {
    while (!this.#leaving) {
      const [stuck] = await this.#undecided(DECIDES_WITHIN_MS);
      if (stuck === undefined || this.#leaving) continue;
      const words = `scheme ${this.#title}: decide() has not returned within ${DECIDES_WITHIN_MS / 1000} s`;
      return this.#watched.onFailure(new CandidateFailed("scheme", `${words}, for candidate ${stuck}`));
    }
  }

  async #breakOffLoops(): Promise<void> {
    const { threadOf } = this.#watched;
    while (!this.#over.signal.aborted) {
      const stuck = await this.#undecided(DECIDES_AT_LAST_WITHIN_MS);
      const fresh = stuck.filter((candidate) => !this.#brokenOff.has(candidate));
      for (const candidate of fresh) this.#brokenOff.add(candidate);
      if (fresh.length > 0) await breakOff(new Set(fresh.flatMap((candidate) => threadOf(candidate) ?? [])));
    }
  }

  /** The candidates whose schemes have been at one decision for this long. */
  async #undecided(ms: number): Promise<number[]> {
    const { board, candidates } = this.#watched;
    const decisions = Array.from({ length: candidates }, (_, candidate) => board.decision(candidate));
    await delay(ms, undefined, { ref: false, signal: this.#over.signal }).catch(() => undefined);
    return decisions.flatMap((decision, candidate) =>
      decision !== undefined && decision === board.decision(candidate) ? candidate : [],
    );
  }
}
