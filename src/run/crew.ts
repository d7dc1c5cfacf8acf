/**
 * The threads of a trial's candidates, and the board that they share with the coordinator. They serve trials
 * that are alike, in turns or one after the other, until they are let go or one of them fails.
 */
import { Board } from "../candidates/board.ts";
import { Pool } from "../candidates/pool.ts";
import type { Ensemble } from "../ensemble/ensemble.ts";
import { candidateLink, type Network } from "../network/network.ts";
import { endSession } from "../zookeeper/end-session.ts";
import type { TrialOptions } from "./coordinator.ts";
import { candidateLinks } from "./paths.ts";

/** The number of threads that this many candidates share: currently one each. */
export function hostsFor(candidates: number): number {
  return candidates;
}

export class Crew {
  readonly pool: Pool;
  readonly board: Board;
  /** What their paths to the servers lead through, if it is not only the machine's own. */
  readonly network: Network | undefined;
  readonly #ensemble: Ensemble;
  readonly #candidates: number;
  /** Aborts with the reason when one of them, or the network, fails without a command, or in a strike. */
  readonly failure: AbortSignal;
  readonly #failure = new AbortController();
  #isGone = false;

  private constructor(ensemble: Ensemble, options: TrialOptions, network?: Network) {
    const { candidates, sessionTimeoutMs, scratchFolder: scratch } = options;
    const { connectFor, embedded, auth, tickTimeMs } = ensemble;
    const board = Board.create(candidates);
    this.#ensemble = ensemble;
    this.#candidates = candidates;
    this.network = network;
    this.board = new Board(board);
    this.pool = new Pool(
      {
        candidates,
        hosts: hostsFor(candidates),
        connectFor: network === undefined ? connectFor : (candidate) => network.connectFor(candidate),
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
    this.failure =
      network === undefined ? this.#failure.signal : AbortSignal.any([this.#failure.signal, network.failure]);
  }

  /**
   * No thread starts before the first trial's candidates join.
   * @param network if the paths are to lead through it
   */
  static async of(ensemble: Ensemble, options: TrialOptions, network?: Network): Promise<Crew> {
    // Measured here, it takes nothing from a trial's time.
    await network?.addedMs();
    await network?.add(candidateLinks(ensemble, options));
    return new Crew(ensemble, options, network);
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Every candidate leaves, its session ends, and so does its thread. */
  async leave(): Promise<void> {
    if (this.#isGone) return;
    this.#isGone = true;
    // One that is cut off would take its time to leave. If the network has failed there is nothing to heal.
    await this.network?.healAll().catch(() => undefined);
    await this.pool[Symbol.asyncDispose]();
    await this.#endBrokenOff();
    const links = Array.from({ length: this.#candidates }, (_, candidate) => candidateLink(candidate));
    await this.network?.remove(links).catch(() => undefined);
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
