/**
 * The venue of an election's scenarios: a real server, candidates in this thread, and a relay for each one
 * whose connection is to suffer. The referee sees all of them.
 */

import { setTimeout as delay } from "node:timers/promises";
import { contendersOf } from "../election/contenders.ts";
import type { ElectionOptions } from "../election/election-options.ts";
import { monitor } from "../ensemble/four-letter-word.ts";
import { type LocalEnsemble, startLocal } from "../ensemble/local.ts";
import { Scratch } from "../ensemble/scratch.ts";
import type { ServerProcess } from "../ensemble/server-process.ts";
import { TcpRelay } from "../network/tcp-relay.ts";
import type { Address } from "../zookeeper/connect-string.ts";
import { endSession } from "../zookeeper/end-session.ts";
import { NativeSession } from "../zookeeper/native-session.ts";
import { openSession } from "../zookeeper/open-session.ts";
import type { Session } from "../zookeeper/session.ts";
import { Referee } from "./referee.ts";
import { TestCandidate } from "./test-candidate.ts";

const TICK_MS = 200;
const LISTED = 20;

export interface CandidateOptions extends Partial<ElectionOptions> {
  /** @default 4000 */
  readonly timeoutMs?: number;
  /**
   * The relay through which it is connected.
   * @default none
   */
  readonly relay?: TcpRelay;
  /** Replaces its own session. */
  readonly session?: Session;
}

export class Venue {
  readonly ensemble: LocalEnsemble;
  readonly scratch: Scratch;
  /** The server's znode of the current scenario's election. */
  path = "";
  referee = new Referee();
  readonly #candidates: TestCandidate[] = [];
  readonly #sessions: { readonly session: Session; readonly relay: TcpRelay | undefined }[] = [];
  readonly #relays: TcpRelay[] = [];
  #scenarios = 0;

  private constructor(scratch: Scratch, ensemble: LocalEnsemble) {
    this.scratch = scratch;
    this.ensemble = ensemble;
    this.begin();
  }

  /** @param runId the name of its top znode */
  static async open(runId: string): Promise<Venue> {
    const scratch = await Scratch.create();
    try {
      return new Venue(scratch, await startLocal(scratch, { tickTimeMs: TICK_MS, fsync: false, runId }));
    } catch (error) {
      await scratch[Symbol.asyncDispose]();
      throw error;
    }
  }

  get address(): Address {
    return this.server.address;
  }

  get server(): ServerProcess {
    return this.ensemble.members[0].process;
  }

  /** The session of an onlooker, and of an operator. */
  get operator(): Session {
    return this.ensemble.session;
  }

  begin(): void {
    this.path = `${this.ensemble.root}/deep/election-${++this.#scenarios}`;
    this.referee = new Referee();
  }

  async relay(): Promise<TcpRelay> {
    const relay = await TcpRelay.start({ target: this.address });
    this.#relays.push(relay);
    return relay;
  }

  async open({ timeoutMs = 4000, relay }: Pick<CandidateOptions, "timeoutMs" | "relay"> = {}) {
    // A client that has tried all servers of its list rests for a third of its timeout: a long list avoids
    // that.
    const connect = relay === undefined ? this.ensemble.connect : Array(LISTED).fill(relay.connect).join(",");
    const session = await openSession({ connect, timeoutMs });
    this.#sessions.push({ session, relay });
    return session;
  }

  /** A candidate that has not joined yet. */
  async candidate({ timeoutMs, relay, session, ...options }: CandidateOptions = {}): Promise<TestCandidate> {
    const own = session ?? (await this.open({ ...(timeoutMs && { timeoutMs }), ...(relay && { relay }) }));
    const all = { path: this.path, tickTimeMs: TICK_MS, ...options };
    const candidate = new TestCandidate(own, all, this.referee, relay);
    this.#candidates.push(candidate);
    return candidate;
  }

  async joined(options: CandidateOptions = {}): Promise<TestCandidate> {
    return (await this.candidate(options)).join();
  }

  /** A candidate that is connected through its own relay. */
  async relayed(options: CandidateOptions = {}): Promise<TestCandidate> {
    return this.candidate({ relay: await this.relay(), ...options });
  }

  /** The names of all contenders, the oldest first. */
  async contenders(): Promise<string[]> {
    return contendersOf((await this.operator.children(this.path)) ?? []).map(({ name }) => name);
  }

  /** A figure of the server's monitor. */
  async count(name: string): Promise<number> {
    const count = (await monitor(this.address))?.get(name);
    if (count === undefined) throw new Error(`the server counts no ${name}`);
    return count;
  }

  /** An operator might do this, although nobody should. */
  async remove(name: string): Promise<void> {
    this.referee.excuse(name);
    await this.operator.remove(`${this.path}/${name}`);
  }

  /** The owner of a contender of this election, according to the server. */
  async ownerOf(name: string): Promise<string | undefined> {
    return (await this.operator.exists(`${this.path}/${name}`))?.ephemeralOwner;
  }

  /** Settles when all earlier requests have been answered, and all messages on their way have arrived. */
  async quiet(...candidates: readonly TestCandidate[]): Promise<void> {
    for (const { session } of candidates) await session.sync(this.path);
  }

  /** Ends its sessions, and its contender goes, as if the ensemble had expired them. */
  async end({ sessions, relay }: TestCandidate): Promise<void> {
    for (const session of sessions) await this.#end(session, relay);
  }

  /**
   * Ends the session, as if the ensemble had expired it. A running client may take it back at once
   * (end-session.ts): so this repeats until the client has noticed.
   */
  async expire(session: NativeSession): Promise<void> {
    while (session.state !== "expired") {
      if (session.state === "connected") await endSession(this.address, session.identity);
      await delay(20);
    }
  }

  /**
   * Ends all sessions of the scenario.
   * @throws the referee's findings
   */
  async clear(): Promise<void> {
    for (const candidate of this.#candidates.splice(0)) await this.end(candidate);
    for (const { session, relay } of this.#sessions.splice(0)) await this.#end(session, relay);
    for (const relay of this.#relays.splice(0)) await relay[Symbol.asyncDispose]();
    const { faults } = this.referee;
    this.begin();
    if (faults.length > 0) throw new Error(faults.join("; "));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.ensemble.close();
    await this.scratch[Symbol.asyncDispose]();
  }

  /** A close waits for the server, and would wait in vain for one behind a relay in this same thread. */
  async #end(session: Session, relay: TcpRelay | undefined): Promise<void> {
    const open = session.state !== "closed" && session.state !== "expired";
    relay?.dropConnections();
    await session.close();
    if (open && relay !== undefined && session instanceof NativeSession)
      await endSession(this.address, session.identity);
  }
}
