/**
 * One candidate: its session, its election, and the record of both. It lives in a host (host.ts); it records
 * every event at the place where it happens.
 */
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { CampaignEnded } from "../election/connection.ts";
import { Election } from "../election/election.ts";
import type { ElectionState } from "../election/election-events.ts";
import { patienceMs } from "../election/heartbeat.ts";
import type { JoinMode } from "../election/join-mode.ts";
import type { Runtime } from "../election/runtime.ts";
import type { Scheme } from "../election/scheme.ts";
import { type ServingServer, servingServers } from "../history/event.ts";
import { Recorder } from "../history/recorder.ts";
import type { NativeSession } from "../zookeeper/native-session.ts";
import { openInOrder, openSession } from "../zookeeper/open-session.ts";
import type { SessionState } from "../zookeeper/session.ts";
import { tooBusy } from "./attrition.ts";
import type { Victim } from "./blows.ts";
import { Board } from "./board.ts";
import { CounterConnection } from "./counter-connection.ts";
import { recordElection } from "./election-record.ts";
import { hushedRuntime } from "./hushed-runtime.ts";
import { recordThaw } from "./lease-reading.ts";
import {
  type Command,
  type Counter,
  failed,
  type HostTask,
  NO_REQUEST,
  type Report,
  type Resident,
  type TrialContext,
} from "./protocol.ts";
import { type Load, schemeOf } from "./scheme-module.ts";
import { serverOfOpened, serverOfReconnected } from "./served-by.ts";

/**
 * A session may learn of its end this much later than its timeout, on a busy machine or with silent servers.
 */
const REACHED_WITHIN_MS = 5000;

/** The number of sessions that a candidate may lose while it joins. */
const JOIN_TRIES = 3;

/**
 * An opening that is given up has ended by then, unless it was broken off in the middle: then it never ends.
 */
const GIVEN_UP_WITHIN_MS = 5000;

interface ActiveTrial {
  readonly election: string;
  readonly scheme: Scheme;
  readonly join: JoinMode;
  readonly recorder: Recorder;
  readonly counter: Counter | undefined;
}

export class Candidate {
  readonly #number: number;
  readonly #connect: string;
  readonly #task: HostTask;
  readonly #load: Load;
  readonly #board: Board;
  readonly #runtime: Runtime;
  readonly #report: (report: Report) => void;
  readonly #leaving = new AbortController();
  readonly #counter: CounterConnection;
  #trial: ActiveTrial | undefined;
  /** Settles when the sessions that it joins with are there, or certainly will not be. */
  #opening: Promise<NativeSession> | undefined;
  #session: NativeSession | undefined;
  /** The server that serves it, as far as known. */
  #server: ServingServer = "unknown";
  #election: Election | undefined;

  /** @param task its host's */
  constructor(
    { candidate, connect }: Resident,
    task: HostTask,
    load: Load,
    report: (report: Report) => void,
  ) {
    this.#number = candidate;
    this.#connect = connect;
    this.#task = task;
    this.#load = load;
    this.#board = new Board(task.board);
    this.#runtime = hushedRuntime(
      () => this.#board.isHushed(candidate),
      patienceMs(task.sessionTimeoutMs, task.tickTimeMs ?? undefined),
      (change) => this.#board.inFlight(change),
    );
    this.#report = report;
    this.#counter = new CounterConnection(
      (timeoutMs) => this.#open(timeoutMs),
      task.sessionTimeoutMs,
      task.embedded && connect.includes(","),
    );
  }

  /** Settles when the command is done; `catch-up` is handled by {@link catchUp}. */
  async obey(command: Exclude<Command, { type: "catch-up" }>): Promise<void> {
    switch (command.type) {
      case "enter":
        return this.#enter(command.trial);
      case "join":
        return this.#join();
      case "stand-down":
        return this.#resign();
      default:
        command satisfies never;
    }
  }

  /** The candidate as a fault's victim. The host handles standing still. */
  get asVictim(): Omit<Victim, "standStill"> {
    return {
      record: (failover) => this.#recorder.record("fault", failover, this.#number),
      resign: async () => this.#election?.resign(),
      closeSession: () => this.#closeSession(),
      restFromWriting: () => this.#counter.rest(),
      goOn: () => {
        recordThaw(this.#recorder, this.#election?.state);
        this.#counter.goOn();
      },
    };
  }

  /** Settles when the session has seen everything that the ensemble had decided before. */
  async catchUp(): Promise<void> {
    await this.#session?.sync(this.#theTrial.election);
  }

  /** Records that its host catches up, and how long the event loop was busy since the last time. */
  recordBusy(ms: number): void {
    this.#recorder.record("caughtUp", Math.round(ms * 1000));
  }

  /** Leaves the election and closes the session, in any state. This ends a command in progress. */
  async close(): Promise<void> {
    this.#leaving.abort(new Error(`candidate ${this.#number} leaves`));
    // A server may have created the session already, and nobody else would end it.
    const opened = this.#opening?.catch(() => undefined);
    await Promise.race([opened, delay(GIVEN_UP_WITHIN_MS, undefined, { ref: false })]);
    if (this.#session?.state === "connected" && !this.isBrokenOff) {
      // A session that is cut off cannot delete anything: its contender goes with it.
      const cutOff = once(this.#session, "state");
      await Promise.race([this.#resign().catch(() => undefined), cutOff]);
    }
    await this.#counter.close();
    await this.#closeSession();
  }

  /**
   * Whether its scheme was broken off in the middle of a decision: otherwise this code could not run now.
   * Anything that waited for that decision waits for ever.
   */
  get isBrokenOff(): boolean {
    return this.#board.decision(this.#number) !== undefined;
  }

  async #enter({ election, scheme, join, recording, counter }: TrialContext): Promise<void> {
    if ("command" in scheme) throw new Error("a thread runs no program");
    const recorder = new Recorder(recording, this.#task.host, this.#number);
    const onDecision = () => this.#board.decides(this.#number);
    this.#trial = {
      election,
      scheme: await schemeOf(scheme, this.#load, onDecision),
      join,
      recorder,
      counter,
    };
    this.#election = undefined;
    if (this.#session?.state === "connected") this.#recordConnected(this.#session);
  }

  /** A session may die before its contender is there if the machine is busy. */
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
    this.#board.set(this.#number, "unsettled");
    // After a fault from outside, the session may not know yet that it is dead.
    if (this.#election !== undefined && this.#election.state.state !== "idle")
      await this.#over(this.#election);
    this.#opening = this.#openSessions();
    const election = this.#newElection(await this.#opening);
    const created = once(election, "created");
    const campaign = election.campaign();
    // A campaign that is not won yet goes on; only its failure concerns the joining.
    await Promise.race([created, campaign]);
    campaign.catch(() => undefined);
  }

  /** A candidate that leaves voluntarily stops acting first. */
  async #resign(): Promise<void> {
    this.#counter.end();
    await this.#counter.rest();
    await this.#election?.resign();
  }

  get #theTrial() {
    if (this.#trial === undefined) throw new Error(`candidate ${this.#number} is in no trial`);
    return this.#trial;
  }

  get #recorder(): Recorder {
    return this.#theTrial.recorder;
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

  /** Opens what is not there yet: the session to stand with, and one to write with. */
  async #openSessions(): Promise<NativeSession> {
    if (
      this.#session === undefined ||
      this.#session.state === "expired" ||
      this.#session.state === "closed"
    ) {
      await this.#closeSession();
      this.#session = await this.#openSession();
    }
    const session = this.#session;
    await this.#counter.reach(this.#theTrial.counter, this.#recorder);
    return session;
  }

  async #openSession(): Promise<NativeSession> {
    const session = await this.#open(this.#task.sessionTimeoutMs);
    this.#server = serverOfOpened(this.#connect, this.#task.embedded, session.id);
    this.#recordConnected(session);
    // This comes before the election's listener: a lost session is recorded before the term that ends with it.
    session.on("state", (state) => this.#onSessionState(session, state));
    this.#report({
      type: "session",
      candidate: this.#number,
      identity: session.identity,
      timeoutMs: session.timeoutMs,
    });
    return session;
  }

  #open(timeoutMs: number): Promise<NativeSession> {
    const { embedded, auth, scratch } = this.#task;
    const open = embedded ? openInOrder : openSession;
    return open({
      connect: this.#connect,
      auth,
      scratch,
      timeoutMs,
      connectTimeoutMs: 30_000,
      signal: this.#leaving.signal,
    });
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
    this.#recorder.record(
      "connected",
      Number(id >> 32n),
      Number(id & 0xffffffffn),
      servingServers.indexOf(this.#server),
    );
  }

  #onSessionState(session: NativeSession, state: SessionState): void {
    switch (state) {
      case "connected":
        this.#server = serverOfReconnected(this.#connect);
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
    const candidate = this.#number;
    const { tickTimeMs } = this.#task;
    const { election: path, scheme, join, recorder } = this.#theTrial;
    const [board, counter] = [this.#board, this.#counter];
    const election = new Election(session, {
      path,
      scheme,
      join,
      data: String(candidate),
      runtime: this.#runtime,
      ...(tickTimeMs !== null && { tickTimeMs }),
    });
    this.#election = election;
    recordElection(election, { candidate, inherits: scheme.inherits === true, recorder, board, counter });
    election.on("state", (state) => this.#onElectionState(state));
    return election;
  }

  /** The end of a session is part of every trial; other ends of an election are unexpected. */
  #onElectionState(election: ElectionState): void {
    if (election.state !== "over" || election.error instanceof CampaignEnded) return;
    this.#report(failed(NO_REQUEST, election.error));
  }
}
