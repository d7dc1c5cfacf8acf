/**
 * The candidates of a trial in their threads or processes, and the board that they share with the coordinator.
 * They serve trials that are alike, in turns or one after the other, until they are let go or one of them
 * fails.
 */
import { isDeepStrictEqual } from "node:util";
import type { CandidateFailed } from "../candidates/blame.ts";
import { Board, type BoardMemory } from "../candidates/board.ts";
import type { CandidatePool } from "../candidates/candidate-pool.ts";
import { Pool } from "../candidates/pool.ts";
import type { Ensemble } from "../ensemble/ensemble.ts";
import { servingServers } from "../history/event.ts";
import type { TrialNetwork } from "../history/observations.ts";
import { candidateLink, Network } from "../network/network.ts";
import { pipeDelayMs } from "../processes/pipe-delay.ts";
import { ProcessPool } from "../processes/process-pool.ts";
import { type Address, parseConnect } from "../zookeeper/connect-string.ts";
import { endSession } from "../zookeeper/end-session.ts";
import type { TrialOptions } from "./coordinator.ts";
import { candidateLinks } from "./paths.ts";

/** The number of threads that record what candidates do: those that they live in, or one for all processes. */
export function hostsFor({
  candidates,
  host,
  perThread,
}: Pick<TrialOptions, "candidates" | "host" | "perThread">): number {
  return host === "thread" ? Math.ceil(candidates / perThread) : 1;
}

interface Common {
  readonly board: BoardMemory;
  readonly connectFor: (candidate: number) => string;
  readonly onFailure: (failure: CandidateFailed) => void;
}

function threads(
  { embedded, auth, tickTimeMs }: Ensemble,
  options: TrialOptions,
  { board, connectFor, onFailure }: Common,
): CandidatePool {
  const { candidates, sessionTimeoutMs, scratch } = options;
  return new Pool(
    {
      ...{ candidates, hosts: hostsFor(options), connectFor, embedded, auth, sessionTimeoutMs, tickTimeMs },
      ...{ board, scratch: scratch.folder },
    },
    onFailure,
  );
}

function processes(
  { auth, tickTimeMs, connectFor: direct, members }: Ensemble,
  { candidates, sessionTimeoutMs, host, scratch, logFolder: folder = scratch.folder }: TrialOptions,
  { board, connectFor, onFailure }: Common,
): CandidatePool {
  const placeOf = (server: Address | undefined) =>
    servingServers[members.findIndex(({ address }) => isDeepStrictEqual(address, server)) + 1] ?? "unknown";
  const servers = Array.from({ length: candidates }, (_, candidate) => {
    // Relays lead to a candidate's servers in the same order.
    const own = parseConnect(direct(candidate)).servers;
    const targets = parseConnect(connectFor(candidate)).servers;
    return targets.map((target, index) => ({ target, place: placeOf(own[index]) }));
  });
  const { chroot } = parseConnect(direct(0));
  return new ProcessPool(
    { board, servers, chroot, sessionTimeoutMs, tickTimeMs, auth, folder },
    { will: host === "process-with-will", scratch, onFailure },
  );
}

/** What stands between the lab and its processes, in milliseconds. */
interface DistanceOfProcesses {
  /** What the relay adds in which their packets are read: as the network's relays do, it has a thread. */
  readonly relayMs: number;
  readonly pipeMs: number;
}

async function distanceOfProcesses({ origin, seed = 1 }: TrialOptions): Promise<DistanceOfProcesses> {
  const network = await Network.open({ origin, seed });
  try {
    return { relayMs: await network.addedMs(), pipeMs: await pipeDelayMs() };
  } finally {
    await network[Symbol.asyncDispose]();
  }
}

export class Crew {
  readonly pool: CandidatePool;
  readonly board: Board;
  /** The run's, if their paths to the servers lead through it, or those between the servers. */
  readonly network: Network | undefined;
  readonly #relays: Network | undefined;
  readonly #inProcesses: DistanceOfProcesses | undefined;
  readonly #ensemble: Ensemble;
  readonly #candidates: number;
  /** Aborts with the reason when one of them, or the network, fails without a command, or in a strike. */
  readonly failure: AbortSignal;
  readonly #failure = new AbortController();
  #isGone = false;

  private constructor(
    ensemble: Ensemble,
    options: TrialOptions,
    relays: Network | undefined,
    inProcesses: DistanceOfProcesses | undefined,
  ) {
    this.#inProcesses = inProcesses;
    const network = relays ?? ensemble.network;
    const { candidates } = options;
    const board = Board.create(candidates);
    this.#ensemble = ensemble;
    this.#candidates = candidates;
    this.network = network;
    this.#relays = relays;
    this.board = new Board(board);
    const connectFor =
      relays === undefined ? ensemble.connectFor : (candidate: number) => relays.connectFor(candidate);
    // Nothing that is awaited will come.
    const onFailure = (failure: CandidateFailed) => this.#failure.abort(failure);
    const common = { board, connectFor, onFailure };
    this.pool =
      options.host === "thread" ? threads(ensemble, options, common) : processes(ensemble, options, common);
    this.failure =
      network === undefined ? this.#failure.signal : AbortSignal.any([this.#failure.signal, network.failure]);
  }

  /**
   * No thread starts before the first trial's candidates join.
   * @param relays if the paths are to lead through it
   */
  static async of(ensemble: Ensemble, options: TrialOptions, relays?: Network): Promise<Crew> {
    await relays?.add(candidateLinks(ensemble, options));
    const inProcesses = options.host === "thread" ? undefined : await distanceOfProcesses(options);
    const crew = new Crew(ensemble, options, relays, inProcesses);
    // Measured here, it takes nothing from a trial's time.
    await crew.network?.addedMs();
    return crew;
  }

  /** What stands in the paths of its trials; `null` if nothing does. */
  async paths(): Promise<TrialNetwork | null> {
    const { network } = this;
    const inProcesses = this.#inProcesses;
    if (network === undefined && inProcesses === undefined) return null;
    const isRelayed = this.#relays !== undefined || inProcesses !== undefined;
    const candidates = isRelayed ? (["candidates-and-servers"] as const) : [];
    const servers = this.#ensemble.network !== undefined ? (["servers"] as const) : [];
    // A process has a relay of its own, and the network's behind it.
    const relayMs = ((await network?.addedMs()) ?? 0) + (inProcesses?.relayMs ?? 0);
    return {
      between: [...candidates, ...servers],
      relayMs,
      ...(inProcesses !== undefined && { pipeMs: inProcesses.pipeMs }),
    };
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
