/**
 * One candidate: its session, its election, and the record of both. It runs in a thread of its own, see
 * worker.ts; everything that happens is recorded here, at the place where it happens.
 */
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { CampaignEnded } from "../election/connection.ts";
import { Election } from "../election/election.ts";
import type { ElectionState } from "../election/election-events.ts";
import { patienceMs } from "../election/heartbeat.ts";
import type { Runtime } from "../election/runtime.ts";
import type { Scheme } from "../election/scheme.ts";
import { Recorder } from "../history/recorder.ts";
import type { NativeSession } from "../zookeeper/native-session.ts";
import { openSession } from "../zookeeper/open-session.ts";
import type { SessionState } from "../zookeeper/session.ts";
import { tooBusy } from "./attrition.ts";
import { Board } from "./board.ts";
import { recordElection } from "./election-record.ts";
import { hushedRuntime } from "./hushed-runtime.ts";
import { recordThaw } from "./lease-reading.ts";
import {
  type CandidateTask,
  type Command,
  type Counter,
  failed,
  NO_REQUEST,
  type Report,
  type SchemeSource,
  type Stage,
} from "./protocol.ts";
import { Resource } from "./resource.ts";
import { lateFault, schemeOf } from "./scheme-module.ts";

/**
 * A busy machine, or servers that are silent, may keep a session from hearing of
 * its end for so long, besides timeouts.
 */
const REACHED_WITHIN_MS = 5000;

/** The longest that a thread is held, should the coordinator not let it go. */
const HOLD_MS = 5000;

/** How many sessions a candidate may lose while it joins. */
const JOIN_TRIES = 3;

interface ActiveStage {
  readonly election: string;
  readonly scheme: Scheme;
  readonly recorder: Recorder;
  readonly counter: Counter | undefined;
}

export class Candidate {
  readonly #task: CandidateTask;
  readonly #board: Board;
  readonly #runtime: Runtime;
  readonly #report: (report: Report) => void;
  readonly #leaving = new AbortController();
  readonly #resource: Resource;
  #stage: ActiveStage | undefined;
  #scheme: SchemeSource | undefined;
  #session: NativeSession | undefined;
  #election: Election | undefined;
  /** How long the thread's event loop was busy up to the end of the last catching up, in milliseconds. */
  #busyMs = 0;

  constructor(task: CandidateTask, report: (report: Report) => void) {
    this.#task = task;
    this.#board = new Board(task.board);
    this.#runtime = hushedRuntime(
      () => this.#board.isHushed(task.candidate),
      patienceMs(task.sessionTimeoutMs, task.tickTimeMs ?? undefined),
    );
    this.#report = report;
    this.#resource = new Resource(this.#connection, task.sessionTimeoutMs);
  }

  /** Settles when the command is done; `leave` is for {@link close}. */
  async obey(command: Exclude<Command, { type: "leave" }>): Promise<void> {
    switch (command.type) {
      case "enter":
        return this.#enter(command.stage);
      case "join":
        return this.#join();
      case "resign":
        this.#recorder.record("fault", command.failover, this.#task.candidate);
        return this.#election?.resign();
      case "close":
        this.#recorder.record("fault", command.failover, this.#task.candidate);
        return this.#closeSession();
      case "freeze":
        return this.#freeze(command.failover, command.ms);
      case "hold":
        return this.#board.freeze(HOLD_MS);
      case "catch-up":
        return this.#catchUp();
      case "stand-down":
        return this.#resign();
      default:
        command satisfies never;
    }
  }

  /**
   * Leaves the election and closes the session, whatever state they are in. A command that is under way ends by
   * that; if it was just about to have a session, this is to be called again when it has ended.
   */
  async close(): Promise<void> {
    this.#leaving.abort(new Error(`candidate ${this.#task.candidate} leaves`));
    if (this.#session?.state === "connected" && !this.isBrokenOff) {
      // A session that is cut off cannot delete anything: its contender goes with it.
      const cutOff = once(this.#session, "state");
      await Promise.race([this.#resign().catch(() => undefined), cutOff]);
    }
    await this.#resource.close();
    await this.#closeSession();
  }

  /**
   * Whether its scheme was broken off in the middle of a decision: what runs now could not run otherwise.
   * Whatever waited for that decision waits for ever.
   */
  get isBrokenOff(): boolean {
    return this.#board.decision(this.#task.candidate) !== undefined;
  }

  /** What nobody caught in this thread, with who is to blame for it. */
  lateFault(error: unknown): unknown {
    return lateFault(error, this.#scheme);
  }

  async #enter({ election, scheme, recording, counter }: Stage): Promise<void> {
    this.#scheme = scheme;
    const recorder = new Recorder(recording, this.#task.candidate);
    const onDecision = () => this.#board.decides(this.#task.candidate);
    this.#stage = { election, scheme: await schemeOf(scheme, onDecision), recorder, counter };
    this.#election = undefined;
    if (this.#session?.state === "connected") this.#recordConnected(this.#session);
  }

  /** A busy machine may cost a session its life before its contender is there. */
  async #join(): Promise<void> {
    for (let tries = 1; tries <= JOIN_TRIES; tries++) {
      try {
        return await this.#joinOnce();
      } catch (error) {
        if (!(error instanceof CampaignEnded) || this.#leaving.signal.aborted) throw error;
      }
    }
    throw new CampaignEnded(
      `a candidate has lost ${JOIN_TRIES} sessions while it joined: ${tooBusy(this.#task.sessionTimeoutMs)}`,
    );
  }

  async #joinOnce(): Promise<void> {
    this.#board.set(this.#task.candidate, "unsettled");
    // After a fault from outside, the session may not know yet that it is dead.
    if (this.#election !== undefined && this.#election.state.state !== "idle")
      await this.#over(this.#election);
    if (
      this.#session === undefined ||
      this.#session.state === "expired" ||
      this.#session.state === "closed"
    ) {
      await this.#closeSession();
      this.#session = await this.#openSession();
    }
    await this.#resource.reach(this.#theStage.counter, this.#recorder);
    const election = this.#newElection(this.#session);
    const created = once(election, "created");
    const campaign = election.campaign();
    // A campaign that is not won yet goes on; only its failure concerns the joining.
    await Promise.race([created, campaign]);
    campaign.catch(() => undefined);
  }

  /** Who leaves by its own will stops acting first. */
  async #resign(): Promise<void> {
    this.#resource.end();
    await this.#resource.rest();
    await this.#election?.resign();
  }

  async #freeze(failover: number, ms: number): Promise<void> {
    // Its answer, found only after the freeze, would look like a write that was made then.
    await this.#resource.rest();
    this.#recorder.record("fault", failover, this.#task.candidate);
    this.#board.freeze(ms);
    recordThaw(this.#recorder, this.#election?.state);
    this.#resource.goOn();
  }

  async #catchUp(): Promise<void> {
    // From the loop's own books: a timer that looked for delays would wake this thread inside the window.
    const { active } = performance.eventLoopUtilization();
    this.#recorder.record("caughtUp", Math.round((active - this.#busyMs) * 1000));
    await this.#session?.sync(this.#theStage.election);
    // The catching up itself is none of the election's doing.
    this.#busyMs = performance.eventLoopUtilization().active;
  }

  get #theStage() {
    if (this.#stage === undefined) throw new Error(`candidate ${this.#task.candidate} is in no trial`);
    return this.#stage;
  }

  get #recorder(): Recorder {
    return this.#theStage.recorder;
  }

  async #over(election: Election): Promise<void> {
    const ms = REACHED_WITHIN_MS + 3 * this.#task.sessionTimeoutMs;
    const deadline = AbortSignal.timeout(ms);
    while (election.state.state !== "over") {
      await once(election, "state", { signal: deadline }).catch((cause) => {
        throw new Error(`the session lives on, ${ms} ms after the fault that was to end it`, { cause });
      });
    }
  }

  async #openSession(): Promise<NativeSession> {
    const session = await openSession({ ...this.#connection, timeoutMs: this.#task.sessionTimeoutMs });
    this.#recordConnected(session);
    // Before the election listens: a lost session is recorded before the term that ends with it.
    session.on("state", (state) => this.#onSessionState(session, state));
    this.#report({ type: "session", identity: session.identity, timeoutMs: session.timeoutMs });
    return session;
  }

  get #connection() {
    const { connect, auth, scratch } = this.#task;
    return { connect, auth, scratch, connectTimeoutMs: 30_000, signal: this.#leaving.signal };
  }

  async #closeSession(): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    const alive = session.state === "connected" || session.state === "suspended";
    if (alive) this.#recorder.record("closing");
    await session.close();
    if (alive) this.#recorder.record("closed");
    this.#session = undefined;
  }

  #recordConnected(session: NativeSession): void {
    const id = BigInt(`0x${session.id}`);
    this.#recorder.record("connected", Number(id >> 32n), Number(id & 0xffffffffn));
  }

  #onSessionState(session: NativeSession, state: SessionState): void {
    switch (state) {
      case "connected":
        this.#recordConnected(session);
        return;
      case "suspended":
        this.#recorder.record("suspended");
        return;
      case "expired":
        this.#recorder.record("expired");
        return;
      case "connecting":
      case "closed":
        return;
      default:
        state satisfies never;
    }
  }

  #newElection(session: NativeSession): Election {
    const { candidate, tickTimeMs } = this.#task;
    const { election: path, scheme, recorder } = this.#theStage;
    const [board, resource] = [this.#board, this.#resource];
    const election = new Election(session, {
      path,
      scheme,
      data: String(candidate),
      runtime: this.#runtime,
      ...(tickTimeMs !== null && { tickTimeMs }),
    });
    this.#election = election;
    recordElection(election, { candidate, inherits: scheme.inherits === true, recorder, board, resource });
    election.on("state", (state) => this.#onElectionState(state));
    return election;
  }

  /** The end of a session is a part of every trial; what else ends an election, nobody waits for. */
  #onElectionState(election: ElectionState): void {
    if (election.state !== "over" || election.error instanceof CampaignEnded) return;
    this.#report(failed(NO_REQUEST, election.error));
  }
}
