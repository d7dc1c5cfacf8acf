/** Candidates that are processes, kept by a thread of their own (yard-thread.ts). */
import { Worker } from "node:worker_threads";
import { CandidateFailed } from "../candidates/blame.ts";
import type { Blow, ProcessBlow } from "../candidates/blows.ts";
import type { CandidatePool } from "../candidates/candidate-pool.ts";
import { inLanes } from "../candidates/lanes.ts";
import type { GrantedSession, TrialContext } from "../candidates/protocol.ts";
import { candidateFlags } from "../candidates/v8-flags.ts";
import type { PacketCounts } from "../history/packet-counts.ts";
import { bundle } from "../package-root.ts";
import { errorFrom } from "../thrown.ts";
import type { SessionIdentity } from "../zookeeper/native-session.ts";
import type { ProgramSpec } from "./program.ts";
import { Tally } from "./tally.ts";
import type { BlowMessage, Command, Report, Request, YardData } from "./yard-protocol.ts";

/** More processes than this, started at once, would slow each other down for longer than they save. */
const STARTING_AT_ONCE = 4;

/** Whoever hears nothing for so long has heard everything: a server sends notifications before its replies. */
const QUIET_MS = 25;

export interface ProcessPoolContext {
  /** Whether sessions of our own candidates are to end with their processes. */
  readonly will: boolean;
  /** Ends processes that outlive the lab. */
  readonly scratch: { guard(pid: number): void; unguard(pid: number): void };
  /** Called for a failure that no command caused: the trial is lost. */
  readonly onFailure: (failure: CandidateFailed) => void;
}

interface Waiter {
  resolve(): void;
  reject(error: Error): void;
}

export class ProcessPool implements CandidatePool {
  readonly #data: YardData;
  readonly #context: ProcessPoolContext;
  readonly #worker: Worker;
  readonly #sessions = new Map<number, GrantedSession>();
  readonly #pids = new Set<number>();
  readonly #waiting = new Map<number, Waiter>();
  readonly #tally = new Tally();
  #requests = 0;
  #isStarted = false;
  #state: "serves" | "leaving" | "gone" = "serves";
  #failure: CandidateFailed | undefined;

  constructor(served: Omit<YardData, "tally">, context: ProcessPoolContext) {
    const data = { ...served, tally: this.#tally.memory };
    this.#data = data;
    this.#context = context;
    this.#worker = new Worker(bundle("yard.cjs"), { name: "processes", workerData: data });
    this.#worker.on("message", (report: Report) => this.#hear(report));
    this.#worker.on("error", (error) => this.#fail(new CandidateFailed("lab", errorFrom(error).message)));
    this.#worker.on("exit", () => {
      if (this.#state === "serves") this.#fail(new CandidateFailed("lab", "the processes' thread has ended"));
    });
  }

  get started(): boolean {
    return this.#isStarted;
  }

  get grantedTimeoutsMs(): number[] {
    return [...new Set([...this.#sessions.values()].map(({ timeoutMs }) => timeoutMs))];
  }

  /** A process that was killed leaves its session behind. */
  get brokenOff(): SessionIdentity[] {
    return this.#state === "gone" ? [...this.#sessions.values()].map(({ identity }) => identity) : [];
  }

  readonly canHush = false;

  get packets(): PacketCounts {
    return this.#tally.counts;
  }

  get pids(): number[] {
    return [...this.#pids];
  }

  async join(trial: TrialContext, onJoined: (joined: number) => void, signal: AbortSignal): Promise<void> {
    await this.#ask({ type: "enter", program: this.#programOf(trial), ...trial });
    let joined = 0;
    const join = async (candidate: number) => {
      if (signal.aborted || this.#state !== "serves") return;
      await this.joinAgain(candidate);
      onJoined(++joined);
    };
    const [first = 0, ...others] = this.#data.servers.keys();
    this.#isStarted = true;
    await join(first);
    await inLanes(STARTING_AT_ONCE, others.values(), join);
  }

  async catchUp(candidates: readonly number[]): Promise<string[]> {
    await this.#ask({ type: "quiet", candidates, forMs: QUIET_MS });
    return [];
  }

  async rejoin(candidates: readonly number[]): Promise<void> {
    await inLanes(STARTING_AT_ONCE, candidates.values(), (candidate) => this.joinAgain(candidate));
  }

  joinAgain(candidate: number): Promise<void> {
    return this.#ask({ type: "join", candidate });
  }

  async standDown(): Promise<void> {
    const all = [...this.#data.servers.keys()];
    await Promise.all(all.map((candidate) => this.#ask({ type: "resign", candidate })));
  }

  async hold(candidate: number): Promise<() => void> {
    await this.#ask({ type: "hold", candidate });
    return () => void this.#ask({ type: "go-on", candidate }).catch(() => undefined);
  }

  strike(candidate: number, blow: Blow): void {
    this.#worker.postMessage({ candidate, blow: processBlow(blow) } satisfies BlowMessage);
  }

  identity(candidate: number): SessionIdentity {
    const identity = this.#sessions.get(candidate)?.identity;
    if (identity === undefined) throw new CandidateFailed("lab", `candidate ${candidate} has no session`);
    return identity;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state !== "serves") return;
    this.#state = "leaving";
    this.#failure = undefined;
    await this.#ask({ type: "leave" }).catch(() => undefined);
    await this.#worker.terminate();
    this.#state = "gone";
    // The thread may have failed.
    for (const pid of this.#pids) {
      try {
        process.kill(-pid, "SIGKILL");
      } catch {
        // It has ended.
      }
      this.#context.scratch.unguard(pid);
    }
  }

  async #ask(command: Command): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    const id = ++this.#requests;
    const done = new Promise<void>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#worker.postMessage({ ...command, id } satisfies Request);
    await done;
  }

  #programOf({ scheme, join }: TrialContext): ProgramSpec {
    if ("command" in scheme) return { type: "command", command: scheme.command };
    const args = [...candidateFlags, bundle("candidate-process.cjs"), JSON.stringify(scheme), join];
    return {
      type: "file",
      file: process.execPath,
      args: this.#context.will ? [...args, "will"] : args,
    };
  }

  #hear(report: Report): void {
    switch (report.type) {
      case "started":
        this.#pids.add(report.pid);
        this.#context.scratch.guard(report.pid);
        return;
      case "gone":
        this.#pids.delete(report.pid);
        this.#context.scratch.unguard(report.pid);
        return;
      case "session":
        this.#sessions.set(report.candidate, report);
        return;
      case "done":
        this.#waiting.get(report.id)?.resolve();
        this.#waiting.delete(report.id);
        return;
      case "failed": {
        const failure = new CandidateFailed(report.blame, report.message);
        const waiter = this.#waiting.get(report.id);
        this.#waiting.delete(report.id);
        if (waiter === undefined) this.#fail(failure);
        else waiter.reject(this.#failure ?? failure);
        return;
      }
      default:
        report satisfies never;
    }
  }

  #fail(failure: CandidateFailed): void {
    this.#failure ??= failure;
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
    if (this.#state === "serves") this.#context.onFailure(this.#failure);
  }
}

/** @throws for a blow that only a thread can take */
function processBlow(blow: Blow): ProcessBlow {
  switch (blow.type) {
    case "resign":
    case "close":
    case "signal":
    case "stop":
      return blow;
    case "hold":
    case "freeze":
    case "slow":
      throw new Error(`${blow.type} strikes a thread`);
    default:
      return blow satisfies never;
  }
}
