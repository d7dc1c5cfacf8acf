/** Strikes servers of the run's own, and makes them whole again. */
import { setTimeout as delay } from "node:timers/promises";
import type { ServerState } from "../history/event.ts";
import type { Network } from "../network/network.ts";
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

export interface StrikesContext {
  /** The relays between the servers, if there are any. */
  readonly network: Network | undefined;
  /**
   * Called immediately before a server is struck, and when it is back.
   * @param place its place among the members, from 1
   */
  readonly onState: (place: number, state: ServerState) => void;
  /** Ends waiting. */
  readonly signal: AbortSignal;
}

export class ServerStrikes {
  readonly #members: readonly LocalMember[];
  readonly #context: StrikesContext;
  readonly #killed = new Set<LocalMember>();
  readonly #paused = new Set<LocalMember>();
  readonly #cuts: { readonly server: LocalMember; end(): Promise<unknown> }[] = [];
  #struck = false;

  constructor(members: readonly LocalMember[], context: StrikesContext) {
    this.#members = members;
    this.#context = context;
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
    this.#tell(server, "killed");
    await server.process.kill();
  }

  /** SIGSTOP: its port stays open, and its connections stay up. */
  pause(server: LocalMember): void {
    this.#struck = true;
    this.#paused.add(server);
    this.#tell(server, "paused");
    server.process.pause();
  }

  /** SIGCONT. */
  resume(server: LocalMember): void {
    server.process.resume();
    this.#paused.delete(server);
    this.#tell(server, "back");
  }

  /** Cuts it off from all other servers, both ways, while its clients reach it. @throws without relays */
  async isolate(server: LocalMember): Promise<void> {
    const { network } = this.#context;
    if (network === undefined) throw new Error("there are no relays between the servers");
    this.#struck = true;
    this.#tell(server, "cut-off");
    const cut = await network.isolate(1 + this.#members.indexOf(server));
    this.#cuts.push({ server, end: () => cut.end() });
  }

  /**
   * Waits until another server leads, and this one no longer says that it does, or until the trial is to end.
   * @throws when that takes longer
   */
  async untilSucceeded(server: LocalMember, withinMs: number): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!this.#context.signal.aborted) {
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
    for (const { server, end } of this.#cuts.splice(0)) {
      await end();
      this.#tell(server, "back");
    }
    for (const server of this.#paused) this.resume(server);
    const restarted = [...this.#killed].map(async (server) => {
      await server.process.restart();
      this.#tell(server, "back");
    });
    await Promise.all(restarted);
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

  #tell(server: LocalMember, state: ServerState): void {
    this.#context.onState(this.#members.indexOf(server) + 1, state);
  }
}
