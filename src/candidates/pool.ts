/**
 * The candidates' hosts, and the coordinator's way to command them. They serve one trial, or several that take
 * turns.
 */
import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { FixedQueue, Piscina } from "piscina";
import { JOINING_PER_THREAD } from "../history/crowd-costs.ts";
import { bundle } from "../package-root.ts";
import { messageOf } from "../thrown.ts";
import type { SessionIdentity } from "../zookeeper/native-session.ts";
import { attrition, bearable } from "./attrition.ts";
import { CandidateFailed } from "./blame.ts";
import { type Blow, holdsItsThread, isForThreads } from "./blows.ts";
import { Board } from "./board.ts";
import type { CandidatePool } from "./candidate-pool.ts";
import { type CompiledCode, compile } from "./compiled-code.ts";
import { DecisionWatch } from "./decision-watch.ts";
import { inLanes } from "./lanes.ts";
import type {
  BlowMessage,
  Command,
  GrantedSession,
  HostTask,
  Report,
  Request,
  TrialContext,
} from "./protocol.ts";
import { candidateFlags } from "./v8-flags.ts";

/** More threads than this, started at once, starve the sessions that are already open. */
const STARTING_AT_ONCE = 8;

/** The interval, in milliseconds, of checks whether the candidates so far have settled. */
const LOOK_EVERY_MS = 20;

/** A candidate that is settled hears a command within microseconds. */
const HOLD_WITHIN_MS = 5000;

/** Enough to keep two processors and a server's connections busy. */
const CATCHING_UP_AT_ONCE = 4;

for (const flag of candidateFlags) setFlagsFromString(flag);

export type PoolOptions = Omit<HostTask, "host" | "residents" | "port"> & {
  readonly candidates: number;
  readonly connectFor: (candidate: number) => string;
  /** The number of threads that the candidates share. */
  readonly hosts: number;
};

interface Host {
  readonly port: MessagePort;
  readonly waiting: Map<number, { resolve: () => void; reject: (error: Error) => void }>;
  /** Settles when the thread's task has ended. */
  readonly task: Promise<void>;
  threadId: number | undefined;
  /** The current session of each of its candidates. */
  readonly sessions: Map<number, GrantedSession>;
  /** A failure that no command caused, or a blow's; reported with the next command. */
  failure: CandidateFailed | undefined;
  /** The reason why nobody is left to obey. */
  gone: CandidateFailed | undefined;
}

/**
 * A queue that can take back the last task: piscina keeps a task for which it could start no thread, and would
 * try for ever.
 */
class RevocableQueue extends FixedQueue {
  #last: Parameters<FixedQueue["push"]>[0] | undefined;

  override push(task: Parameters<FixedQueue["push"]>[0]): void {
    this.#last = task;
    super.push(task);
  }

  takeBack(): void {
    if (this.#last !== undefined) this.remove(this.#last);
  }
}

export class Pool implements CandidatePool {
  readonly #options: PoolOptions;
  readonly #board: Board;
  readonly #threads: Piscina;
  readonly #queue = new RevocableQueue();
  readonly #onFailure: (failure: CandidateFailed) => void;
  readonly #code: CompiledCode = compile(bundle("host.cjs"));
  readonly #hosts: Host[] = [];
  readonly #decisions: DecisionWatch;
  #requests = 0;
  #leaving = false;

  /** @param onFailure is called for a failure that no command caused, or a blow's: the trial is lost */
  constructor(options: PoolOptions, onFailure: (failure: CandidateFailed) => void = () => undefined) {
    this.#options = options;
    this.#board = new Board(options.board);
    this.#onFailure = onFailure;
    this.#decisions = new DecisionWatch({
      board: this.#board,
      candidates: options.candidates,
      threadOf: (candidate) => this.#hostOf(candidate)?.threadId,
      onFailure,
    });
    this.#threads = new Piscina({
      filename: bundle("candidate.cjs"),
      taskQueue: this.#queue,
      // A thread is started with its task, so only a few start at once, and stays to the end.
      minThreads: 0,
      maxThreads: options.hosts,
      idleTimeout: Number.POSITIVE_INFINITY,
      // Room for new objects stays as large as it is at first: to grow, it would take eight more memory maps.
      ...(options.hosts === options.candidates && { resourceLimits: { maxYoungGenerationSizeMb: 3 } }),
      // An idle thread must keep its loop turning: the last handles of a session close in it.
      atomics: "disabled",
    });
  }

  /**
   * Makes all candidates join, and starts those that are not there yet. The first one joins alone, and leads:
   * anything else that it watched when it looked, such as the child list, has fired by the time that all are
   * there.
   * @param onJoined is called with the number that have joined
   * @throws {CandidateFailed} when one cannot join, or too many have lost their sessions meanwhile
   */
  async join(trial: TrialContext, onJoined: (joined: number) => void, signal: AbortSignal): Promise<void> {
    const { candidates, hosts } = this.#options;
    if ("title" in trial.scheme) this.#decisions.begin(trial.scheme.title);
    const starting = this.#hosts.length < hosts ? hosts - 1 : 0;
    const board = new Board(this.#options.board);
    const joined: number[] = [];
    let patient = true;
    /** Counting is dear for many, so it is repeated only when the number has grown by a hundredth. */
    let countFrom = 0;
    const join = async (candidate: number) => {
      if (joined.length >= countFrom) {
        const lost = joined.filter((one) => board.status(one) === "out").length;
        if (lost > bearable(candidates)) throw attrition(lost, this.#options);
        countFrom = 1 + 1.01 * joined.length;
      }
      const host = candidate % hosts;
      if (this.#hosts[host] === undefined && patient) patient = await this.#untilQuiet(signal);
      if (signal.aborted || this.#leaving) return;
      this.#hosts[host] ??= this.#start(host);
      await this.command(candidate, { type: "enter", trial });
      await this.command(candidate, { type: "join" });
      onJoined(joined.push(candidate));
    };
    const [first = 0, ...others] = everybody(candidates);
    await join(first);
    // Dealt to the threads in turn, those who share one are mostly not next to each other in the line.
    await inLanes(STARTING_AT_ONCE, others.splice(0, starting).values(), join);
    await inLanes(JOINING_PER_THREAD * hosts, others.values(), join);
  }

  /**
   * Open sessions come first: if the machine is so busy that some have lost their connections, another thread
   * would cost them their leases and their lives.
   * @returns whether the candidates so far settled in the time after which a lost session is over
   */
  async #untilQuiet(signal: AbortSignal): Promise<boolean> {
    const board = new Board(this.#options.board);
    const deadline = performance.now() + 2 * this.#options.sessionTimeoutMs;
    while (board.unsettled > STARTING_AT_ONCE && !signal.aborted && !this.#leaving) {
      if (performance.now() > deadline) return false;
      await delay(LOOK_EVERY_MS);
    }
    return true;
  }

  get started(): boolean {
    return this.#hosts.length > 0;
  }

  /**
   * Each sees everything that the ensemble has decided up to now. A few hosts at a time do this: threads that
   * all wake at once would wait for each other.
   * @returns why some could not, each reason once
   */
  async catchUp(candidates: readonly number[]): Promise<string[]> {
    const reasons = new Set<string>();
    await inLanes(CATCHING_UP_AT_ONCE, this.#byHost(candidates).values(), async (together) => {
      await this.#command(together, { type: "catch-up" }).catch((error: Error) => reasons.add(error.message));
    });
    return [...reasons];
  }

  /** These join once more, a few at a time: many at once on a busy machine would lose their sessions again. */
  async rejoin(candidates: readonly number[]): Promise<void> {
    await inLanes(STARTING_AT_ONCE, candidates.values(), (candidate) =>
      this.command(candidate, { type: "join" }),
    );
  }

  /** All leave the election but stay alive. */
  async standDown(): Promise<void> {
    const started = everybody(this.#options.candidates).filter((candidate) => this.#hostOf(candidate));
    const standDown = (together: number[]) => this.#command(together, { type: "stand-down" });
    await Promise.all(this.#byHost(started).map(standDown));
  }

  /** The session timeouts that the ensemble has granted, each one once, in milliseconds. */
  get grantedTimeoutsMs(): number[] {
    const sessions = this.#hosts.flatMap((host) => [...host.sessions.values()]);
    return [...new Set(sessions.map(({ timeoutMs }) => timeoutMs))];
  }

  /**
   * The sessions of candidates whose schemes never decided: they may have been cut off meanwhile, and live on
   * for a while.
   */
  get brokenOff(): SessionIdentity[] {
    return [...this.#decisions.brokenOff].flatMap((candidate) => this.#session(candidate)?.identity ?? []);
  }

  /** @throws {CandidateFailed} with the candidate's own reason */
  command(candidate: number, command: Command): Promise<void> {
    return this.#command([candidate], command);
  }

  joinAgain(candidate: number): Promise<void> {
    return this.command(candidate, { type: "join" });
  }

  readonly canHush = true;
  readonly packets = null;
  readonly pids = [];

  async hold(candidate: number, signal: AbortSignal): Promise<() => void> {
    this.strike(candidate, { type: "hold" });
    if (!(await this.#board.untilFrozen(HOLD_WITHIN_MS, signal)))
      throw new Error(`candidate ${candidate} does not hear the coordinator`);
    return () => this.#board.thaw();
  }

  /** The candidate's own thread carries the blow out. */
  strike(candidate: number, blow: Blow): void {
    if (!isForThreads(blow)) throw new Error(`a thread takes no ${blow.type}`);
    const { candidates, hosts } = this.#options;
    // The faults of the lab say so themselves, before anything starts.
    if (hosts < candidates && holdsItsThread(blow))
      throw new Error(
        `candidate ${candidate} shares its thread, so all others in it would stand still; leave --per-thread out`,
      );
    this.#hostOf(candidate)?.port.postMessage({ candidate, blow } satisfies BlowMessage);
  }

  /** Identifies the candidate's current session, to end it from outside. */
  identity(candidate: number): SessionIdentity {
    const identity = this.#session(candidate)?.identity;
    if (identity === undefined) throw new CandidateFailed("lab", `candidate ${candidate} has no session`);
    return identity;
  }

  /** Makes every candidate leave, and ends the threads. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving = true;
    this.#decisions.leave();
    this.#board.thawForGood();
    // Some may never have started.
    const hosts = this.#hosts.filter((host) => host !== undefined);
    for (const host of hosts) host.failure = undefined;
    await Promise.allSettled(hosts.map((host) => this.#ask(host, (id) => ({ type: "leave", id }))));
    await Promise.allSettled(hosts.map(({ task }) => task));
    this.#decisions.end();
    await this.#threads.destroy();
  }

  /** @throws {CandidateFailed} when the system starts no more threads */
  #start(number: number): Host {
    const { candidates: all, hosts, connectFor, ...shared } = this.#options;
    const candidates = everybody(Math.ceil((all - number) / hosts)).map((index) => number + index * hosts);
    const who = `${candidates.length === 1 ? "candidate" : "candidates"} ${candidates.join(", ")}`;
    const { port1, port2 } = new MessageChannel();
    const waiting: Host["waiting"] = new Map();
    const residents = candidates.map((candidate) => ({ candidate, connect: connectFor(candidate) }));
    const running = this.#run({ ...shared, host: number, residents, port: port2 }, who);
    const host: Host = {
      port: port1,
      waiting,
      task: running,
      sessions: new Map(),
      threadId: undefined,
      failure: undefined,
      gone: undefined,
    };
    port1.on("message", (report: Report) => this.#onReport(host, report));
    running
      .then(
        () => new CandidateFailed("lab", `${who} left`),
        (cause) => new CandidateFailed("lab", `${who} failed: ${cause.message}`, { cause }),
      )
      .then((error) => {
        host.gone = error;
        for (const { reject } of waiting.values()) reject(error);
        waiting.clear();
        port1.close();
      });
    return host;
  }

  /** @throws {CandidateFailed} when the system starts no more threads */
  #run(task: HostTask, who: string): Promise<void> {
    try {
      return this.#threads.run({ ...task, code: this.#code }, { transferList: [task.port] });
    } catch (cause) {
      this.#queue.takeBack();
      const { candidates } = this.#options;
      const reason = messageOf(cause);
      throw new CandidateFailed(
        "machine",
        `--candidates ${candidates}: the system starts no thread for ${who} (${reason}); ` +
          "a limit on processes and threads is reached: raise the user's (ulimit -u) or the container's " +
          "(--pids-limit), or use fewer candidates",
        { cause },
      );
    }
  }

  /** `undefined` if it has not been started. */
  #hostOf(candidate: number): Host | undefined {
    return this.#hosts[candidate % this.#options.hosts];
  }

  #session(candidate: number): GrantedSession | undefined {
    return this.#hostOf(candidate)?.sessions.get(candidate);
  }

  /** Groups candidates by their host. */
  #byHost(candidates: readonly number[]): number[][] {
    const byHost = new Map<Host | undefined, number[]>();
    for (const candidate of candidates) {
      const host = this.#hostOf(candidate);
      const together = byHost.get(host);
      if (together === undefined) byHost.set(host, [candidate]);
      else together.push(candidate);
    }
    return [...byHost.values()];
  }

  /** @param candidates all of one host */
  #command(candidates: readonly number[], command: Command): Promise<void> {
    const [first = 0] = candidates;
    const host = this.#hostOf(first);
    if (host === undefined)
      return Promise.reject(new CandidateFailed("lab", `candidate ${first} never started`));
    return this.#ask(host, (id) => ({ ...command, candidates, id }));
  }

  #ask(host: Host, requestOf: (id: number) => Request): Promise<void> {
    const failure = host.gone ?? host.failure;
    if (failure !== undefined) return Promise.reject(failure);
    const request = requestOf(++this.#requests);
    return new Promise((resolve, reject) => {
      host.waiting.set(request.id, { resolve, reject });
      host.port.postMessage(request);
    });
  }

  #onReport(host: Host, report: Report): void {
    switch (report.type) {
      case "thread":
        host.threadId = report.threadId;
        return;
      case "session":
        host.sessions.set(report.candidate, report);
        return;
      case "done":
        host.waiting.get(report.id)?.resolve();
        host.waiting.delete(report.id);
        return;
      case "failed": {
        const failure = new CandidateFailed(report.blame, report.message);
        const waiter = host.waiting.get(report.id);
        if (waiter === undefined) {
          host.failure = failure;
          this.#onFailure(failure);
        } else waiter.reject(host.failure ?? failure);
        host.waiting.delete(report.id);
        return;
      }
      default:
        report satisfies never;
    }
  }
}

function everybody(candidates: number): number[] {
  return Array.from({ length: candidates }, (_, candidate) => candidate);
}
