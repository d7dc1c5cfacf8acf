/**
 * A candidate that is a process: the program, the relays in its paths to the servers, and what is known of its
 * election.
 */
import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { ProcessBlow } from "../candidates/blows.ts";
import { Board, type Status } from "../candidates/board.ts";
import { Recorder } from "../history/recorder.ts";
import { TcpRelay } from "../network/tcp-relay.ts";
import { messageOf } from "../thrown.ts";
import { type Instruction, PROTOCOL, type Saying } from "./candidate-protocol.ts";
import { Program, type ProgramSpec } from "./program.ts";
import { Tally } from "./tally.ts";
import { endReason, Witness } from "./witness.ts";
import type { Command, Report, YardData } from "./yard-protocol.ts";

/** A program may have to be compiled, and connects only then. The coordinator would wait for 30 seconds. */
const JOINS_WITHIN_MS = 20_000;
const RESIGNS_WITHIN_MS = 3000;
/** A lease that has run out holds again by then, and whoever is first in line leads. */
const LEADS_WITHIN_MS = 20_000;
/** A program that does not end when it is asked to is killed. */
const LEAVES_WITHIN_MS = 3000;
/** A time that a program says may be this far in the future, as clocks are read. */
const CLOCK_ROOM_NS = 1e6;

/** All processes share one ring. */
const RING = 0;

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is them that are looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]+/g;

type Trial = Extract<Command, { readonly type: "enter" }>;

/** Waits for a candidate to come into a state. */
interface Waiter {
  readonly isThere: () => boolean;
  resolve(): void;
  reject(error: Error): void;
}

export class Enclosure {
  readonly #candidate: number;
  readonly #data: YardData;
  readonly #stderr: string;
  readonly #report: (report: Report) => void;
  readonly #board: Board;
  readonly #witness: Witness;
  #taps: Promise<TcpRelay[]> | undefined;
  #program: Program | undefined;
  #trial: Trial | undefined;
  #recorder: Recorder | undefined;
  /** The end of its process is no surprise. */
  #mayEnd = false;
  #said = false;
  #isLeaving = false;
  #session: string | undefined;
  /** Ended processes, as long as their groups may live on. */
  readonly #dead: number[] = [];
  #overdue: NodeJS.Timeout | undefined;
  readonly #waiters = new Set<Waiter>();

  constructor(candidate: number, data: YardData, stderr: string, report: (report: Report) => void) {
    this.#candidate = candidate;
    this.#data = data;
    this.#witness = new Witness(new Tally(data.tally));
    this.#stderr = stderr;
    this.#report = report;
    this.#board = new Board(data.board);
  }

  enter(trial: Trial): void {
    this.#trial = trial;
    const recorder = new Recorder(trial.recording, RING, this.#candidate);
    this.#recorder = recorder;
    this.#witness.tell({
      recorder,
      election: `${this.#data.chroot}${trial.election}`,
      inherits: trial.inherits,
      onStatus: (status, sequence) => this.#stands(status, sequence),
      onBeat: (asked) => this.#board.beat(asked),
      onContradiction: (words) => this.#fail(words),
    });
  }

  /** Settles when its contender exists. */
  async join(): Promise<void> {
    const trial = this.#trial;
    if (trial === undefined) throw new Error(`candidate ${this.#candidate} is in no trial`);
    // Another trial may have another program.
    if (this.#program !== undefined && !isDeepStrictEqual(this.#program.spec, trial.program)) {
      this.#mayEnd = true;
      this.#say({ type: "leave" });
    }
    // One that has joined by itself meanwhile has no more steps to take, by which it would settle.
    if (this.#mayEnd || !this.#witness.stands) this.#board.set(this.#candidate, "unsettled");
    if (this.#mayEnd) await this.#ended();
    this.#bury();
    this.#taps ??= this.#tap();
    const taps = await this.#taps;
    this.#mayEnd = false;
    this.#said = false;
    this.#program ??= this.#start(trial.program);
    const { sessionTimeoutMs, tickTimeMs, auth, chroot } = this.#data;
    this.#say({
      type: "join",
      protocol: PROTOCOL,
      connect: `${taps.map(({ connect }) => connect).join(",")}${chroot}`,
      election: trial.election,
      ...{ sessionTimeoutMs, candidate: this.#candidate, tickTimeMs, auth },
    });
    await this.#until(() => this.#witness.stands, JOINS_WITHIN_MS).catch((error) => {
      throw error === LATE ? new Error(this.#words(this.#notJoined)) : error;
    });
  }

  /** Settles when its contender is gone. */
  async resign(): Promise<void> {
    if (!this.#witness.stands || this.#program === undefined) return;
    this.#say({ type: "resign" });
    await this.#until(() => !this.#witness.stands, RESIGNS_WITHIN_MS).catch((error) => {
      if (error !== LATE) throw error;
      throw new Error(
        this.#words(`it has not deleted its contender ${RESIGNS_WITHIN_MS / 1000} s after "resign"`),
      );
    });
  }

  /** Settles when nothing has passed for that long but heartbeats. */
  async quiet(forMs: number): Promise<void> {
    for (;;) {
      const leftMs = this.#witness.busyAt + forMs - performance.now();
      if (leftMs <= 0) return;
      await delay(leftMs);
    }
  }

  stop(): void {
    this.#program?.signal("SIGSTOP", false);
  }

  goOn(): void {
    this.#program?.signal("SIGCONT", false);
  }

  take(blow: ProcessBlow): void {
    if (blow.type !== "resign" && blow.type !== "stop") this.#mayEnd = true;
    this.#recorder?.record("fault", blow.failover, this.#candidate);
    switch (blow.type) {
      case "resign":
        this.resign().catch((error) => this.#lose(messageOf(error)));
        return;
      case "close":
        this.#say({ type: "leave" });
        this.#ended().catch((error) => this.#lose(messageOf(error)));
        return;
      case "signal":
        this.#program?.signal(blow.signal, blow.whole);
        return;
      case "stop":
        this.stop();
        setTimeout(() => {
          this.#recorder?.record("thawed");
          this.goOn();
        }, blow.ms);
        return;
      default:
        blow satisfies never;
    }
  }

  /** Settles when its process has ended, and its relays are gone. */
  async leave(): Promise<void> {
    this.#isLeaving = true;
    this.#mayEnd = true;
    for (const { reject } of this.#waiters) reject(new Error(`candidate ${this.#candidate} leaves`));
    this.#waiters.clear();
    if (this.#program !== undefined) {
      this.goOn();
      this.#say({ type: "leave" });
      await this.#ended().catch(() => undefined);
      this.#program?.signal("SIGKILL", true);
      await this.#ended().catch(() => undefined);
    }
    this.#bury();
    const taps = await this.#taps?.catch(() => []);
    await Promise.all((taps ?? []).map((tap) => tap[Symbol.asyncDispose]()));
    this.#taps = undefined;
  }

  /** @throws when it is still there after a while */
  #ended(): Promise<void> {
    return this.#until(() => this.#program === undefined, LEAVES_WITHIN_MS).catch((error) => {
      if (error !== LATE) throw error;
      throw new Error(this.#words(`its process is still there after ${LEAVES_WITHIN_MS / 1000} s`));
    });
  }

  #tap(): Promise<TcpRelay[]> {
    const servers = this.#data.servers[this.#candidate] ?? [];
    return Promise.all(
      servers.map(({ target, place }) =>
        TcpRelay.start({ target, onlooker: () => this.#witness.connection(place) }),
      ),
    );
  }

  #start(spec: ProgramSpec): Program {
    return new Program(spec, this.#stderr, {
      started: (pid) => this.#report({ type: "started", candidate: this.#candidate, pid }),
      says: (saying) => this.#hear(saying),
      exited: () => this.#witness.exits(),
      rubbish: (reason) => this.#fail(reason),
      gone: (reason, at) => this.#gone(reason, at),
    });
  }

  #say(instruction: Instruction): void {
    this.#program?.say(instruction);
  }

  #hear(saying: Saying): void {
    this.#said = true;
    try {
      this.#take(saying);
    } catch (error) {
      this.#fail(messageOf(error));
    }
  }

  #take(saying: Saying): void {
    switch (saying.type) {
      case "joined":
        return;
      case "leading":
        this.#witness.leads(this.#momentOf(saying.at), saying.token);
        return;
      case "ended": {
        const validUntil = this.#converted(saying.validUntil);
        this.#witness.ends(this.#momentOf(saying.at), endReason(saying.reason), validUntil);
        return;
      }
      case "error":
        this.#fail(`it says: ${saying.message}`);
        return;
      default:
        saying satisfies never;
    }
  }

  /** @throws when the time cannot be one of this machine's monotonic clock */
  #momentOf(at: number | undefined): number | undefined {
    const moment = this.#converted(at);
    if (moment === undefined) return undefined;
    const now = this.#converted(Number(process.hrtime.bigint())) ?? 0;
    if (moment < 0 || moment > now + CLOCK_ROOM_NS)
      throw new Error(
        `it says that something happened at ${at}, which is no recent time of the system's monotonic clock, in ` +
          "nanoseconds (CLOCK_MONOTONIC); leave `at` out if the program cannot read that",
      );
    return moment;
  }

  #converted(at: number | undefined): number | undefined {
    const origin = this.#trial?.recording.origin;
    return at === undefined || origin === undefined ? undefined : at - Number(origin);
  }

  #gone(reason: string, at: bigint): void {
    const pid = this.#program?.pid;
    const words = this.#words(reason);
    this.#program = undefined;
    const origin = this.#trial?.recording.origin ?? 0n;
    this.#witness.dies(Number(at - origin));
    this.#board.set(this.#candidate, "out");
    if (pid !== undefined) this.#dead.push(pid);
    if (!this.#mayEnd) this.#lose(words);
    this.#look();
  }

  /** What ended processes have left behind in their groups ends before another one starts. */
  #bury(): void {
    for (const pid of this.#dead.splice(0)) {
      try {
        process.kill(-pid, "SIGKILL");
      } catch {
        // It has left nobody.
      }
      this.#report({ type: "gone", candidate: this.#candidate, pid });
    }
  }

  #fail(reason: string): void {
    this.#lose(this.#words(reason));
  }

  /** Whoever waits for it waits in vain; if nobody does, the trial is lost. */
  #lose(message: string): void {
    if (this.#isLeaving) return;
    if (this.#waiters.size === 0) {
      this.#report({ type: "failed", id: 0, blame: "program", message });
      return;
    }
    for (const { reject } of this.#waiters) reject(new Error(message));
    this.#waiters.clear();
  }

  #words(reason: string): string {
    const last = this.#program?.lastWords ?? "";
    const words = `candidate ${this.#candidate}: ${reason}${last === "" ? "" : `; it wrote: ${last}`}`;
    // What a program says may steer a terminal.
    return words.replaceAll(CONTROL, " ");
  }

  get #notJoined(): string {
    const within = `within ${JOINS_WITHIN_MS / 1000} s`;
    if (this.#witness.session !== undefined)
      return `it has a session, and has created no contender ${within}`;
    const heard = this.#said ? "" : ", and has said nothing";
    return `it has opened no session with the servers that it was given ${within}${heard}`;
  }

  #stands(status: Status, sequence: number): void {
    const { session } = this.#witness;
    if (session !== undefined && session.id !== this.#session) {
      this.#session = session.id;
      this.#report({
        type: "session",
        candidate: this.#candidate,
        identity: { id: session.id, password: session.password },
        timeoutMs: session.timeoutMs,
      });
    }
    this.#board.set(this.#candidate, status, sequence);
    this.#look();
    if (!this.#witness.isAboutToLead) {
      clearTimeout(this.#overdue);
      this.#overdue = undefined;
    } else
      this.#overdue ??= setTimeout(() => {
        if (this.#witness.isAboutToLead)
          this.#fail(`it stands first in line, and has not said "leading" for ${LEADS_WITHIN_MS / 1000} s`);
      }, LEADS_WITHIN_MS);
  }

  #look(): void {
    for (const waiter of [...this.#waiters]) {
      if (!waiter.isThere()) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }

  /** @throws {@link LATE} when it takes too long */
  #until(isThere: () => boolean, withinMs: number): Promise<void> {
    if (isThere()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { isThere, resolve, reject };
      const late = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(LATE);
      }, withinMs);
      waiter.resolve = () => {
        clearTimeout(late);
        resolve();
      };
      waiter.reject = (error) => {
        clearTimeout(late);
        reject(error);
      };
      this.#waiters.add(waiter);
    });
  }
}

const LATE = new Error("it took too long");
