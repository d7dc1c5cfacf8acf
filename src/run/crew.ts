/**
 * The threads of a trial's candidates, and the board that they share with the coordinator. They serve trials
 * that are alike, in turns or one after the other, until they are let go or one of them fails.
 */
import { Board } from "../candidates/board.ts";
import { Pool } from "../candidates/pool.ts";
import type { Ensemble } from "../ensemble/ensemble.ts";
import { endSession } from "../zookeeper/end-session.ts";
import type { TrialOptions } from "./coordinator.ts";

/** The number of threads that this many candidates share: currently one each. */
export function hostsFor(candidates: number): number {
  return candidates;
}

export class Crew {
  readonly pool: Pool;
  readonly board: Board;
  readonly #ensemble: Ensemble;
  readonly #failure = new AbortController();
  #isGone = false;

  /** No thread starts before the first trial's candidates join. */
  constructor(ensemble: Ensemble, { candidates, sessionTimeoutMs, scratchFolder: scratch }: TrialOptions) {
    const { connectFor, embedded, auth, tickTimeMs } = ensemble;
    const board = Board.create(candidates);
    this.#ensemble = ensemble;
    this.board = new Board(board);
    this.pool = new Pool(
      {
        candidates,
        hosts: hostsFor(candidates),
        connectFor,
        embedded,
        auth,
        sessionTimeoutMs,
        tickTimeMs,
        board,
        scratch,
      },
      // Nothing that is awaited will come.
      (failure) => this.#failure.abort(failure),
    );
  }

  /** Aborts with the reason when one of them fails without a command, or in a strike. */
  get failure(): AbortSignal {
    return this.#failure.signal;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Every candidate leaves, its session ends, and so does its thread. */
  async leave(): Promise<void> {
    if (this.#isGone) return;
    this.#isGone = true;
    await this.pool[Symbol.asyncDispose]();
    await this.#endBrokenOff();
  }

  /** If no server answers, they end by themselves. */
  async #endBrokenOff(): Promise<void> {
    const { monitors, auth } = this.#ensemble;
    const [server] = monitors.byAnswer;
    if (server === undefined) return;
    const sessions = this.pool.brokenOff;
    await Promise.all(sessions.map((session) => endSession(server, session, auth).catch(() => undefined)));
  }
}
