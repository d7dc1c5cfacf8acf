/**
 * The coordinator of a trial: lets the candidates join, strikes, and waits until all have settled, again and
 * again. Between the strike and that moment nothing here prints, polls or computes: it sleeps on the board.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Board } from "./candidates/board.ts";
import type { Pool } from "./candidates/pool.ts";
import type { SchemeSource } from "./candidates/protocol.ts";
import { byAge } from "./election/contenders.ts";
import type { Scheme } from "./election/scheme.ts";
import type { Ensemble } from "./ensemble/ensemble.ts";
import { countServers, countsBetween, type ServerDifference } from "./ensemble/server-counts.ts";
import type { Arena, Fault, Timing } from "./faults/fault.ts";
import type { TrialHeader } from "./history/history.ts";
import type { Recorder } from "./history/recorder.ts";
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

/** Beyond what the fault itself needs, a new leader must be there within this time, and all settled. */
export function slackMs(candidates: number): number {
  return 5000 + 20 * candidates;
}

/** A candidate that is settled hears a command within microseconds. */
const HOLD_WITHIN_MS = 5000;

export const INTERRUPTED: TrialEnd = { state: "aborted", reason: "interrupted" };

/** What a coordinator works with. */
export interface Scene {
  readonly ensemble: Ensemble;
  readonly options: TrialOptions;
  readonly header: TrialHeader;
  /** The znode of the election. */
  readonly election: string;
  readonly timing: Timing;
  readonly pool: Pool;
  readonly board: Board;
  readonly recorder: Recorder;
  readonly onProgress: (progress: TrialProgress) => void;
  /** Ends the trial early. */
  readonly signal: AbortSignal;
}

export class Coordinator {
  readonly serverCounts: (ServerDifference | null)[] = [];
  enrolment: { readonly readyMs: number; readonly rssBytesPerCandidate: number } | null = null;
  readonly #scene: Scene;
  /** Rejects when the trial is to end early; what is waited for then will not come. */
  readonly #aborted: Promise<never>;
  /** Syncs that the last waiting for all to settle took. */
  #synced = 0;
  /** What a candidate last complained of. */
  #trouble: string | undefined;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#aborted = new Promise((_, reject) => {
      scene.signal.addEventListener("abort", () => reject(new Error("interrupted")), { once: true });
    });
    this.#aborted.catch(() => undefined);
  }

  /** @throws when the trial cannot go on, for example because a candidate failed */
  async run(): Promise<TrialEnd> {
    await this.#enrol();
    for (let failover = 1; failover <= this.#scene.header.failovers; failover++) {
      if (this.#scene.signal.aborted) return INTERRUPTED;
      const end = await this.#failover(failover);
      if (end.state !== "completed") return end;
    }
    return { state: "completed" };
  }

  async #enrol(): Promise<void> {
    const { candidates } = this.#scene.options;
    const rss = process.memoryUsage.rss();
    const start = performance.now();
    this.#scene.onProgress({ type: "starting", started: 0, candidates });
    const onJoined = (started: number) => this.#scene.onProgress({ type: "starting", started, candidates });
    await Promise.race([this.#scene.pool.start(onJoined, this.#scene.signal), this.#aborted]);
    const settled = await this.#settle(30_000 + 100 * candidates);
    if (!settled) throw new Error("the candidates did not settle after they had joined");
    this.#scene.recorder.record("enrolled", candidates);
    this.enrolment = {
      readyMs: performance.now() - start,
      rssBytesPerCandidate: Math.round((process.memoryUsage.rss() - rss) / candidates),
    };
  }

  async #failover(failover: number): Promise<TrialEnd> {
    const { fault } = this.#scene.options;
    const { boundMs, failovers } = this.#scene.header;
    const line = this.#line();
    const [leader] = line;
    const victim = line[fault.position(line.length)];
    if (leader === undefined || victim === undefined) throw new Error("there is nobody to strike");
    this.#scene.onProgress({ type: "failover", failover, failovers, leader });

    await this.#scene.options.betweenFailovers?.();
    const before = await countServers(this.#scene.ensemble.servers);
    const claims = this.#scene.board.claims;
    const arena: Arena = {
      failover,
      timing: this.#scene.timing,
      strike: (candidate, strike) => this.#scene.pool.strike(candidate, strike),
      expire: (candidate) => this.#expire(failover, candidate),
    };
    await fault.strike(victim, arena);
    const led = !fault.unseatsLeader || (await this.#untilOtherLeads(victim, claims));
    const settled = led && (await this.#settle(slackMs(line.length), victim));
    if (this.#scene.signal.aborted) return INTERRUPTED;
    if (!led || !settled) {
      this.#scene.recorder.record("aborted", failover);
      const missing = led ? "the candidates did not all settle" : "no new leader";
      const reason = `failover ${failover}: ${missing} within ${Math.round(boundMs)} ms`;
      return {
        state: "aborted",
        reason: this.#trouble === undefined ? reason : `${reason} (${this.#trouble})`,
      };
    }
    this.#scene.recorder.record("settled", failover);
    const after = await countServers(this.#scene.ensemble.servers);
    const own = {
      probes: this.#scene.ensemble.servers.length,
      syncs: this.#synced,
      syncedPath: this.#scene.election,
    };
    this.serverCounts.push(before && after && countsBetween(before, after, own));

    await this.#restore(victim);
    return { state: "completed" };
  }

  /** Whether another candidate than the victim leads within the bound. */
  async #untilOtherLeads(victim: number, claimsBefore: number): Promise<boolean> {
    const deadline = performance.now() + this.#scene.header.boundMs;
    for (let claims = claimsBefore; ; claims = this.#scene.board.claims) {
      if (!(await this.#scene.board.untilClaim(claims, deadline - performance.now(), this.#scene.signal)))
        return false;
      const leads = (candidate: number) => this.#scene.board.status(candidate) === "leading";
      if (this.#everybody().some((candidate) => candidate !== victim && leads(candidate))) return true;
    }
  }

  /** Ends a session from outside, by whichever server answers, while its owner's thread stands still. */
  async #expire(failover: number, victim: number): Promise<void> {
    this.#scene.pool.strike(victim, { type: "hold" });
    if (!(await this.#scene.board.untilFrozen(HOLD_WITHIN_MS, this.#scene.signal))) {
      throw new Error(`candidate ${victim} does not hear the coordinator`);
    }
    this.#scene.recorder.record("fault", failover, victim);
    try {
      const [server, ...others] = this.#scene.ensemble.servers;
      if (server === undefined) throw new Error("the ensemble has no server");
      let ended = endSession(server, this.#scene.pool.identity(victim));
      for (const other of others)
        ended = ended.catch(() => endSession(other, this.#scene.pool.identity(victim)));
      await ended;
    } finally {
      this.#scene.board.thaw();
    }
  }

  /** Brings back the victim, and whoever else is not in the election, behind all others. */
  async #restore(victim: number): Promise<void> {
    const { candidates } = this.#scene.options;
    const absent = this.#everybody().filter(
      // A frozen victim has not said yet that it is out.
      (candidate) => candidate === victim || this.#scene.board.status(candidate) === "out",
    );
    const joined = Promise.all(
      absent.map((candidate) => this.#scene.pool.command(candidate, { type: "join" })),
    );
    await Promise.race([joined, this.#aborted]);
    const settled = await this.#settle(slackMs(candidates));
    if (!settled && !this.#scene.signal.aborted)
      throw new Error("the candidates did not settle after the victim's return");
  }

  /**
   * Waits until every candidate has settled, for certain. That all look settled is not enough: a
   * notification may still be on its way. A session gets it before the answer to a sync that follows.
   */
  async #settle(timeoutMs: number, except?: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    if (!(await this.#scene.board.untilSettled(timeoutMs, this.#scene.signal))) return false;
    const present = this.#everybody().filter(
      (candidate) => candidate !== except && this.#scene.board.status(candidate) !== "out",
    );
    this.#synced = present.length;
    const caughtUp = Promise.allSettled(
      present.map((candidate) => this.#scene.pool.command(candidate, { type: "catch-up" })),
    );
    const late = delay(deadline - performance.now(), "late" as const, { ref: false });
    const answers = await Promise.race([caughtUp, late, this.#aborted]);
    if (answers === "late") return false;
    this.#trouble = answers.find((answer) => answer.status === "rejected")?.reason.message;
    return this.#scene.board.untilSettled(deadline - performance.now(), this.#scene.signal);
  }

  #everybody(): number[] {
    return Array.from({ length: this.#scene.options.candidates }, (_, candidate) => candidate);
  }

  /** The candidates in the election, the leader first. */
  #line(): number[] {
    return this.#everybody()
      .filter((candidate) => this.#scene.board.status(candidate) !== "out")
      .map((candidate) => ({ candidate, name: "", sequence: this.#scene.board.sequence(candidate) }))
      .sort(byAge)
      .map(({ candidate }) => candidate);
  }
}
