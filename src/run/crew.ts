/**
 * The threads of a trial's candidates, and the board that they share with the coordinator. They serve trials
 * that are alike, in turns or one after the other, until they are let go or one of them fails.
 */
import { Board } from "../candidates/board.ts";
import { Pool } from "../candidates/pool.ts";
import type { Ensemble } from "../ensemble/ensemble.ts";
import type { TrialNetwork } from "../history/observations.ts";
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
  /** The run's, if their paths to the servers lead through it, or those between the servers. */
  readonly network: Network | undefined;
  readonly #relays: Network | undefined;
  readonly #ensemble: Ensemble;
  readonly #candidates: number;
  /** Aborts with the reason when one of them, or the network, fails without a command, or in a strike. */
  readonly failure: AbortSignal;
  readonly #failure = new AbortController();
  #isGone = false;

  private constructor(ensemble: Ensemble, options: TrialOptions, relays?: Network) {
    const network = relays ?? ensemble.network;
    const { candidates, sessionTimeoutMs, scratchFolder: scratch } = options;
    const { connectFor, embedded, auth, tickTimeMs } = ensemble;
    const board = Board.create(candidates);
    this.#ensemble = ensemble;
    this.#candidates = candidates;
    this.network = network;
    this.#relays = relays;
    this.board = new Board(board);
    this.pool = new Pool(
      {
        candidates,
        hosts: hostsFor(candidates),
        connectFor: relays === undefined ? connectFor : (candidate) => relays.connectFor(candidate),
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
   * @param relays if the paths are to lead through it
   */
  static async of(ensemble: Ensemble, options: TrialOptions, relays?: Network): Promise<Crew> {
    await relays?.add(candidateLinks(ensemble, options));
    const crew = new Crew(ensemble, options, relays);
    // Measured here, it takes nothing from a trial's time.
    await crew.network?.addedMs();
    return crew;
  }

  /** What stands in the paths of its trials; `null` if nothing does. */
  async paths(): Promise<TrialNetwork | null> {
    if (this.network === undefined) return null;
    const candidates = this.#relays !== undefined ? (["candidates-and-servers"] as const) : [];
    const servers = this.#ensemble.network !== undefined ? (["servers"] as const) : [];
    return { between: [...candidates, ...servers], relayMs: await this.network.addedMs() };
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
    await this.#relays?.remove(links).catch(() => undefined);
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
