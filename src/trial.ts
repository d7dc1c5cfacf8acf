/**
 * One trial: one scheme, one number of candidates, one fault, struck again and again. Between the strike and
 * the moment when everybody has settled, nothing here prints, polls or computes: it sleeps on the board.
 */
import { setTimeout as delay } from "node:timers/promises";
import { Board } from "./candidates/board.ts";
import { Pool } from "./candidates/pool.ts";
import type { SchemeSource } from "./candidates/protocol.ts";
import { byAge } from "./election/contenders.ts";
import type { Scheme } from "./election/scheme.ts";
import type { Ensemble } from "./ensemble/ensemble.ts";
import { lookForRemains } from "./ensemble/remains.ts";
import { countServers, countsBetween, type ServerCounts } from "./ensemble/server-counts.ts";
import type { Arena, Fault, Timing } from "./faults/fault.ts";
import { COORDINATOR } from "./history/event.ts";
import type { History, Remains, TrialHeader } from "./history/history.ts";
import { createRecording, Recorder, readEvents } from "./history/recorder.ts";
import { endSession } from "./zookeeper/end-session.ts";

export interface TrialOptions {
  /** 1 for the first trial of a run. */
  readonly trial: number;
  readonly scheme: Scheme;
  readonly schemeSource: SchemeSource;
  readonly fault: Fault;
  readonly candidates: number;
  readonly failovers: number;
  readonly sessionTimeoutMs: number;
  /** The name of the election's znode. */
  readonly electionName: string;
  readonly scratchFolder: string;
  /** `process.hrtime.bigint()` when the run began. */
  readonly origin: bigint;
  /** What else to do before each failover, outside its window. */
  readonly betweenFailovers?: () => Promise<void>;
}

/** What is happening now; told between the measured windows only. */
export type TrialProgress =
  | { readonly type: "starting"; readonly started: number; readonly candidates: number }
  | {
      readonly type: "failover";
      readonly failover: number;
      readonly failovers: number;
      readonly leader: number;
    }
  | { readonly type: "leaving" };

export type TrialEnd =
  | { readonly state: "completed" }
  | { readonly state: "aborted"; readonly reason: string }
  | { readonly state: "errored"; readonly reason: string };

export interface Trial {
  readonly end: TrialEnd;
  readonly history: History;
  /** What was left on the ensemble; files and processes are looked for when the run has ended. */
  readonly remains: Remains;
  readonly enrolment: { readonly readyMs: number; readonly rssBytesPerCandidate: number } | null;
  /** One for each failover; `null` where the ensemble does not tell. */
  readonly serverCounts: readonly (ServerCounts | null)[];
}

/** Beyond what the fault itself needs, a new leader must be there within this time, and all settled. */
function slackMs(candidates: number): number {
  return 5000 + 20 * candidates;
}

/** A candidate that is settled hears a command within microseconds. */
const HOLD_WITHIN_MS = 5000;

/**
 * Runs a trial to its end, which is also one when something failed: what was recorded is kept.
 * @param signal ends the trial early, and in order
 */
export async function runTrial(
  ensemble: Ensemble,
  options: TrialOptions,
  onProgress: (progress: TrialProgress) => void,
  signal: AbortSignal,
): Promise<Trial> {
  const { candidates, failovers, scheme, fault, sessionTimeoutMs, trial } = options;
  const { session } = ensemble;
  const loss = new AbortController();
  ensemble.ended.then((reason) => loss.abort(`the ZooKeeper server ended by itself: ${reason}`));
  const untilEnd = AbortSignal.any([signal, loss.signal]);
  const timing: Timing = { sessionTimeoutMs, tickTimeMs: ensemble.tickTimeMs };
  const header: TrialHeader = {
    trial,
    scheme: scheme.name,
    candidates,
    fault: fault.name,
    failovers,
    sessionTimeoutMs,
    unseatsLeader: fault.unseatsLeader,
    boundMs: fault.removalMs(timing) + slackMs(candidates),
    expectedNotifications: scheme.notifications({
      contenders: candidates,
      position: fault.position(candidates),
    }),
  };
  const recording = createRecording(candidates, regionCapacity(candidates, failovers), options.origin);
  // A container goes by itself should this process be killed; our own server goes as a whole.
  const election = await session.create(
    `${ensemble.root}/${options.electionName}-${trial}`,
    "",
    ensemble.embedded ? "persistent" : "container",
  );
  const run = new Run(ensemble, options, header, timing, onProgress, untilEnd, {
    recorder: new Recorder(recording, COORDINATOR),
    board: Board.create(candidates),
  });
  let end: TrialEnd;
  {
    const pool = new Pool({
      candidates,
      connect: ensemble.connect,
      sessionTimeoutMs,
      election,
      scheme: options.schemeSource,
      recording,
      board: run.boardMemory,
      scratch: options.scratchFolder,
    });
    try {
      end = await run.against(pool);
    } catch (error) {
      end = { state: "errored", reason: error instanceof Error ? error.message : String(error) };
    } finally {
      onProgress({ type: "leaving" });
      await pool[Symbol.asyncDispose]();
    }
  }
  if (signal.aborted && end.state === "errored") end = INTERRUPTED;
  let remains = UNSEEN;
  if (loss.signal.aborted) {
    // Whatever went wrong afterwards, this was the reason. What was recorded is worth keeping all the same.
    end = { state: "errored", reason: String(loss.signal.reason) };
  } else {
    remains = await lookForRemains(ensemble, election);
  }
  return {
    end,
    history: { header, events: readEvents(recording), remains },
    remains,
    enrolment: run.enrolment,
    serverCounts: run.serverCounts,
  };
}

/** The moving parts of a trial while it runs. */
class Run {
  readonly boardMemory: ReturnType<typeof Board.create>;
  readonly serverCounts: (ServerCounts | null)[] = [];
  enrolment: Trial["enrolment"] = null;
  readonly #ensemble: Ensemble;
  readonly #options: TrialOptions;
  readonly #header: TrialHeader;
  readonly #timing: Timing;
  readonly #onProgress: (progress: TrialProgress) => void;
  readonly #signal: AbortSignal;
  /** Rejects when the trial is to end early; what is waited for then will not come. */
  readonly #aborted: Promise<never>;
  readonly #recorder: Recorder;
  readonly #board: Board;

  constructor(
    ensemble: Ensemble,
    options: TrialOptions,
    header: TrialHeader,
    timing: Timing,
    onProgress: (progress: TrialProgress) => void,
    signal: AbortSignal,
    memory: { recorder: Recorder; board: ReturnType<typeof Board.create> },
  ) {
    this.#ensemble = ensemble;
    this.#options = options;
    this.#header = header;
    this.#timing = timing;
    this.#onProgress = onProgress;
    this.#signal = signal;
    this.#aborted = new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(new Error("interrupted")), { once: true });
    });
    this.#aborted.catch(() => undefined);
    this.#recorder = memory.recorder;
    this.boardMemory = memory.board;
    this.#board = new Board(memory.board);
  }

  async against(pool: Pool): Promise<TrialEnd> {
    await this.#enrol(pool);
    for (let failover = 1; failover <= this.#header.failovers; failover++) {
      if (this.#signal.aborted) return INTERRUPTED;
      const end = await this.#failover(pool, failover);
      if (end.state !== "completed") return end;
    }
    return { state: "completed" };
  }

  async #enrol(pool: Pool): Promise<void> {
    const { candidates } = this.#options;
    const rss = process.memoryUsage.rss();
    const start = performance.now();
    this.#onProgress({ type: "starting", started: 0, candidates });
    const onJoined = (started: number) => this.#onProgress({ type: "starting", started, candidates });
    await Promise.race([pool.start(onJoined, this.#signal), this.#aborted]);
    const settled = await this.#settle(pool, 30_000 + 100 * candidates);
    if (!settled) throw new Error("the candidates did not settle after they had joined");
    this.#recorder.record("enrolled", candidates);
    this.enrolment = {
      readyMs: performance.now() - start,
      rssBytesPerCandidate: Math.round((process.memoryUsage.rss() - rss) / candidates),
    };
  }

  async #failover(pool: Pool, failover: number): Promise<TrialEnd> {
    const { fault } = this.#options;
    const { boundMs, failovers } = this.#header;
    const line = this.#line();
    const [leader] = line;
    const victim = line[fault.position(line.length)];
    if (leader === undefined || victim === undefined) throw new Error("there is nobody to strike");
    this.#onProgress({ type: "failover", failover, failovers, leader });

    await this.#options.betweenFailovers?.();
    const before = await countServers(this.#ensemble.servers);
    const claims = this.#board.claims;
    const arena: Arena = {
      failover,
      timing: this.#timing,
      strike: (candidate, strike) => pool.strike(candidate, strike),
      expire: (candidate) => this.#expire(pool, failover, candidate),
    };
    await fault.strike(victim, arena);
    const led = !fault.unseatsLeader || (await this.#untilOtherLeads(victim, claims));
    const settled = led && (await this.#settle(pool, slackMs(line.length), victim));
    if (this.#signal.aborted) return INTERRUPTED;
    if (!led || !settled) {
      this.#recorder.record("aborted", failover);
      const missing = led ? "the candidates did not all settle" : "no new leader";
      return {
        state: "aborted",
        reason: `failover ${failover}: ${missing} within ${Math.round(boundMs)} ms`,
      };
    }
    this.#recorder.record("settled", failover);
    const after = await countServers(this.#ensemble.servers);
    // The syncs and the two probes are ours, not the herd's.
    const own = { packetsReceived: line.length - 1 + 1, packetsSent: line.length - 1 };
    this.serverCounts.push(before && after && countsBetween(before, after, own));

    await this.#restore(pool, victim);
    return { state: "completed" };
  }

  /** Whether another candidate than the victim leads within the bound. */
  async #untilOtherLeads(victim: number, claimsBefore: number): Promise<boolean> {
    const deadline = performance.now() + this.#header.boundMs;
    for (let claims = claimsBefore; ; claims = this.#board.claims) {
      if (!(await this.#board.untilClaim(claims, deadline - performance.now(), this.#signal))) return false;
      const leads = (candidate: number) => this.#board.status(candidate) === "leading";
      if (this.#everybody().some((candidate) => candidate !== victim && leads(candidate))) return true;
    }
  }

  /** Ends a session from outside, by whichever server answers, while its owner's thread stands still. */
  async #expire(pool: Pool, failover: number, victim: number): Promise<void> {
    pool.strike(victim, { type: "hold" });
    if (!(await this.#board.untilFrozen(HOLD_WITHIN_MS, this.#signal))) {
      throw new Error(`candidate ${victim} does not hear the coordinator`);
    }
    this.#recorder.record("fault", failover, victim);
    try {
      const [server, ...others] = this.#ensemble.servers;
      if (server === undefined) throw new Error("the ensemble has no server");
      let ended = endSession(server, pool.identity(victim));
      for (const other of others) ended = ended.catch(() => endSession(other, pool.identity(victim)));
      await ended;
    } finally {
      this.#board.thaw();
    }
  }

  /** Brings back the victim, and whoever else is not in the election, behind all others. */
  async #restore(pool: Pool, victim: number): Promise<void> {
    const { candidates } = this.#options;
    const absent = this.#everybody().filter(
      // A frozen victim has not said yet that it is out.
      (candidate) => candidate === victim || this.#board.status(candidate) === "out",
    );
    const joined = Promise.all(absent.map((candidate) => pool.command(candidate, { type: "join" })));
    await Promise.race([joined, this.#aborted]);
    const settled = await this.#settle(pool, slackMs(candidates));
    if (!settled && !this.#signal.aborted)
      throw new Error("the candidates did not settle after the victim's return");
  }

  /**
   * Waits until every candidate has settled, for certain. That all look settled is not enough: a
   * notification may still be on its way. A session gets it before the answer to a sync that follows.
   */
  async #settle(pool: Pool, timeoutMs: number, except?: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    if (!(await this.#board.untilSettled(timeoutMs, this.#signal))) return false;
    const present = this.#everybody().filter(
      (candidate) => candidate !== except && this.#board.status(candidate) !== "out",
    );
    const caughtUp = Promise.allSettled(
      present.map((candidate) => pool.command(candidate, { type: "catch-up" })),
    );
    const late = delay(deadline - performance.now(), "late" as const, { ref: false });
    if ((await Promise.race([caughtUp, late, this.#aborted])) === "late") return false;
    return this.#board.untilSettled(deadline - performance.now(), this.#signal);
  }

  #everybody(): number[] {
    return Array.from({ length: this.#options.candidates }, (_, candidate) => candidate);
  }

  /** The candidates in the election, the leader first. */
  #line(): number[] {
    return this.#everybody()
      .filter((candidate) => this.#board.status(candidate) !== "out")
      .map((candidate) => ({ candidate, name: "", sequence: this.#board.sequence(candidate) }))
      .sort(byAge)
      .map(({ candidate }) => candidate);
  }
}

const UNSEEN: Remains = { znodes: null, watches: null, files: null, processes: null };

const INTERRUPTED: TrialEnd = { state: "aborted", reason: "interrupted" };

/** Room for the joins of all (the child-list scheme wakes everybody at each), and for every failover. */
function regionCapacity(candidates: number, failovers: number): number {
  return 512 + 5 * candidates + 32 * failovers;
}
