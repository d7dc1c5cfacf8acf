/**
 * One process of the world, with its own timers and chance, and the sessions that it opens. Everything that it
 * does is a function of its inputs: messages, timers that fire, and the seed.
 */
import type { Runtime } from "../election/runtime.ts";
import { ConnectTimeout } from "../zookeeper/errors.ts";
import type { Connection } from "./connection.ts";
import { Fingerprint } from "./digest.ts";
import type { ModelSession } from "./model-session.ts";
import type { ModelWills } from "./model-wills.ts";
import { hears, isHeard, type Network } from "./network.ts";
import { Random } from "./random.ts";
import type { World } from "./world.ts";

export interface OpenOptions {
  readonly timeoutMs: number;
  /** @default 10000 */
  readonly connectTimeoutMs?: number;
  /** Gives up the opening; it does not affect an open session. */
  readonly signal?: AbortSignal;
}

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/** How long a connection in progress may still take to open, as in the native client. */
const GIVE_UP_WITHIN_MS = 500;

export class ModelClient implements Runtime {
  readonly index: number;
  /** Sessions that are not over, or still have a connection. */
  readonly sessions: ModelSession[] = [];
  state: "running" | "frozen" | "dead" = "running";
  network: Network = "open";
  /** Whoever keeps the wills of its sessions, if they have any. */
  readonly wills: ModelWills | undefined;
  readonly near: number;
  readonly #world: World;
  readonly #timers: Timer[] = [];
  readonly #inputs = new Fingerprint();
  #lastInputAt = 0;
  #guids = 0;
  readonly #chance: Random;

  constructor(index: number, world: World, seed: number, wills: ModelWills | undefined) {
    this.index = index;
    this.#world = world;
    this.wills = wills;
    this.near = world.near;
    this.#chance = new Random(seed * 7919 + index * 104_729 + 1);
  }

  // Runtime

  /** Like a real one it has the digit that says that it is random (RFC 9562). */
  guid(): string {
    this.#guids++;
    return `${this.index.toString(16).padStart(12, "0")}4${this.#guids.toString(16).padStart(19, "0")}`;
  }

  now(): number {
    return this.#world.now;
  }

  random(): number {
    return this.#chance.fraction();
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { due: this.#world.now + Math.max(0, ms), callback };
    let place = this.#timers.length;
    // It goes behind those that are due at the same time.
    while (place > 0 && (this.#timers[place - 1]?.due ?? 0) > timer.due) place--;
    this.#timers.splice(place, 0, timer);
    return () => {
      const found = this.#timers.indexOf(timer);
      if (found !== -1) this.#timers.splice(found, 1);
    };
  }

  // Sessions

  /**
   * A session that is connected when the promise settles.
   * @throws {ConnectTimeout} when there is none within the deadline
   * @throws the signal's reason, when it gave up the opening
   */
  async open({ timeoutMs, connectTimeoutMs = 10_000, signal }: OpenOptions): Promise<ModelSession> {
    signal?.throwIfAborted();
    const session = this.#world.newSession(this, timeoutMs);
    const cancels: (() => void)[] = [];
    try {
      await new Promise<void>((resolve, reject) => {
        const giveUp = () => cancels.push(this.after(GIVE_UP_WITHIN_MS, () => reject(signal?.reason)));
        signal?.addEventListener("abort", giveUp);
        cancels.push(() => signal?.removeEventListener("abort", giveUp));
        session.once("state", (state) => {
          if (state === "connected") resolve();
          else reject(new ConnectTimeout(0, "the session was closed before it was open"));
        });
        const tooLate = () => reject(new ConnectTimeout(0, `no session within ${connectTimeoutMs} ms`));
        cancels.push(this.after(connectTimeoutMs, tooLate));
      });
      signal?.throwIfAborted();
      return session;
    } catch (error) {
      await session.close();
      throw error;
    } finally {
      for (const cancel of cancels) cancel();
    }
  }

  /** A session that is connected to a replica at once: for setting up before anything may go wrong. */
  openAt(replica: number, timeoutMs: number): ModelSession {
    const session = this.#world.newSession(this, timeoutMs);
    this.#world.connectAtOnce(session, replica);
    return session;
  }

  /** Closes the client's end of a connection. */
  hangUp(session: ModelSession, connection: Connection, kept: number): void {
    connection.closeClientEnd(kept);
    this.#world.settleConnections(session);
  }

  // What the world does to it

  /** None of its code runs any more, and the kernel closes what it has open. */
  die(kept: number): void {
    this.state = "dead";
    for (const session of [...this.sessions]) {
      session.abandon(kept);
      this.#world.settleConnections(session);
    }
    this.wills?.end();
  }

  get runs(): boolean {
    return this.state === "running";
  }

  get hears(): boolean {
    return hears(this.network);
  }

  get isHeard(): boolean {
    return isHeard(this.network);
  }

  /** The time when its next timer is due; infinite without one. */
  get timerAt(): number {
    return this.#timers[0]?.due ?? Number.POSITIVE_INFINITY;
  }

  strike(): void {
    const timer = this.#timers.shift();
    if (timer === undefined) return;
    this.note("timer");
    timer.callback();
  }

  /**
   * All of its inputs so far, and when they came: two clients of one program that agree here are in the same
   * state.
   */
  get inputs(): string {
    return this.#inputs.text;
  }

  note(input: string): void {
    this.#inputs.add(input, this.#world.now - this.#lastInputAt);
    this.#lastInputAt = this.#world.now;
    this.#world.inputs++;
  }

  /**
   * The time since its last input: with {@link inputs}, this is all that its program can know about the time.
   */
  get idleMs(): number {
    return this.#world.now - this.#lastInputAt;
  }
}
