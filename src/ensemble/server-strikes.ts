/** Strikes servers of the run's own, and makes them whole again. */
import { setTimeout as delay } from "node:timers/promises";
import type { Network, RuleInForce } from "../network/network.ts";
import { ask } from "./four-letter-word.ts";
import { type LocalMember, leaderOf, type Member } from "./member.ts";

/** The members, if they are all the run's own. */
export function ownMembers(members: readonly Member[]): readonly LocalMember[] | null {
  const own = members.flatMap((member) =>
    member.process === undefined ? [] : { ...member, process: member.process },
  );
  return own.length === members.length ? own : null;
}

/** Servers that come back read their data and elect a leader first, on the processors of the candidates. */
const WHOLE_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 20;

export class ServerStrikes {
  readonly #members: readonly LocalMember[];
  readonly #network: Network | undefined;
  readonly #signal: AbortSignal;
  readonly #killed = new Set<LocalMember>();
  readonly #paused = new Set<LocalMember>();
  readonly #cuts: RuleInForce[] = [];
  #struck = false;

  /**
   * @param network the relays between them, if there are any
   * @param signal ends waiting
   */
  constructor(members: readonly LocalMember[], network: Network | undefined, signal: AbortSignal) {
    this.#members = members;
    this.#network = network;
    this.#signal = signal;
  }

  get all(): readonly LocalMember[] {
    return this.#members;
  }

  /** Whether any was struck since the last call. */
  takeStruck(): boolean {
    const struck = this.#struck;
    this.#struck = false;
    return struck;
  }

  /** The server that leads the others. @throws when none does */
  leading(): Promise<LocalMember> {
    return leaderOf(this.#members);
  }

  /**
   * The server that a session is connected to.
   * @param id its hexadecimal digits
   * @throws when it is connected to none
   */
  async serving(id: string): Promise<LocalMember> {
    const sid = BigInt(`0x${id}`).toString(16);
    const lists = await Promise.all(this.#members.map(({ address }) => ask(address, "cons").catch(() => "")));
    const server = this.#members[lists.findIndex((list) => list.includes(`sid=0x${sid},`))];
    if (server === undefined) throw new Error(`no server has a connection of session 0x${id}`);
    return server;
  }

  /** SIGKILL. @returns when it is gone */
  async kill(server: LocalMember): Promise<void> {
    this.#struck = true;
    this.#killed.add(server);
    await server.process.kill();
  }

  /** SIGSTOP: its port stays open, and its connections stay up. */
  pause(server: LocalMember): void {
    this.#struck = true;
    this.#paused.add(server);
    server.process.pause();
  }

  /** SIGCONT. */
  resume(server: LocalMember): void {
    server.process.resume();
    this.#paused.delete(server);
  }

  /** Cuts it off from all other servers, both ways, while its clients reach it. @throws without relays */
  async isolate(server: LocalMember): Promise<void> {
    if (this.#network === undefined) throw new Error("there are no relays between the servers");
    this.#struck = true;
    this.#cuts.push(await this.#network.isolate(1 + this.#members.indexOf(server)));
  }

  /**
   * Waits until another server leads, and this one no longer says that it does, or until the trial is to end.
   * @throws when that takes longer
   */
  async untilSucceeded(server: LocalMember, withinMs: number): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!this.#signal.aborted) {
      const roles = await Promise.all(this.#members.map((member) => member.role()));
      const leaders = this.#members.filter((_, index) => roles[index] === "leader");
      if (leaders.length > 0 && !leaders.includes(server)) return;
      if (performance.now() > deadline)
        throw new Error(`no other server leads within ${withinMs} ms; is their syncLimit long?`);
      await delay(LOOK_EVERY_MS);
    }
  }

  /**
   * Joins what was cut off, restarts what was killed, and resumes what stands still.
   * @returns when every server serves
   * @throws when they do not within {@link WHOLE_WITHIN_MS}
   */
  async mend(): Promise<void> {
    await Promise.all(this.#cuts.splice(0).map((cut) => cut.end()));
    for (const server of this.#paused) this.resume(server);
    await Promise.all([...this.#killed].map((server) => server.process.restart()));
    this.#killed.clear();
    const deadline = performance.now() + WHOLE_WITHIN_MS;
    for (;;) {
      const roles = await Promise.all(this.#members.map((member) => member.role()));
      if (!roles.includes(null)) break;
      if (performance.now() > deadline)
        throw new Error(`not all servers serve again within ${WHOLE_WITHIN_MS} ms`);
      await delay(LOOK_EVERY_MS);
    }
  }
}
