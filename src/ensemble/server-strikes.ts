/** Strikes servers, the run's own or others that it may strike, and makes them whole again. */
import { setTimeout as delay } from "node:timers/promises";
import { ask } from "./four-letter-word.ts";
import { leaderOf, type Member, type StrikableMember } from "./member.ts";

/** The members, if all may be struck. */
export function strikableMembers(members: readonly Member[]): readonly StrikableMember[] | null {
  const strikable = members.flatMap((member) =>
    member.controls === undefined ? [] : { ...member, controls: member.controls },
  );
  return strikable.length === members.length ? strikable : null;
}

/**
 * Servers that come back read their data and elect a leader first: our own on the processors of the candidates,
 * and others after whatever their supervisor has to do.
 */
const WHOLE_WITHIN_MS = { own: 20_000, others: 120_000 };
const LOOK_EVERY_MS = 20;

export class ServerStrikes {
  readonly #members: readonly StrikableMember[];
  readonly #killed = new Set<StrikableMember>();
  readonly #paused = new Set<StrikableMember>();
  #struck = false;

  constructor(members: readonly StrikableMember[]) {
    this.#members = members;
  }

  get all(): readonly StrikableMember[] {
    return this.#members;
  }

  /** Whether any was struck since the last call. */
  takeStruck(): boolean {
    const struck = this.#struck;
    this.#struck = false;
    return struck;
  }

  /** The server that leads the others. @throws when none does */
  leading(): Promise<StrikableMember> {
    return leaderOf(this.#members);
  }

  /**
   * The server that a session is connected to.
   * @param id its hexadecimal digits
   * @throws when it is connected to none
   */
  async serving(id: string): Promise<StrikableMember> {
    const sid = BigInt(`0x${id}`).toString(16);
    const lists = await Promise.all(this.#members.map(({ address }) => ask(address, "cons").catch(() => "")));
    const server = this.#members[lists.findIndex((list) => list.includes(`sid=0x${sid},`))];
    if (server === undefined) throw new Error(`no server has a connection of session 0x${id}`);
    return server;
  }

  /** @returns when it is gone */
  async kill(server: StrikableMember): Promise<void> {
    this.#struck = true;
    this.#killed.add(server);
    await server.controls.kill();
  }

  /** Its port stays open, and its connections stay up. */
  async pause(server: StrikableMember): Promise<void> {
    this.#struck = true;
    this.#paused.add(server);
    await server.controls.pause();
  }

  async resume(server: StrikableMember): Promise<void> {
    await server.controls.resume();
    this.#paused.delete(server);
  }

  /**
   * Restarts what was killed and resumes what stands still.
   * @returns when every server serves
   * @throws when they do not within {@link WHOLE_WITHIN_MS}
   */
  async mend(): Promise<void> {
    await Promise.all([...this.#paused].map((server) => this.resume(server)));
    await Promise.all([...this.#killed].map((server) => server.controls.restart()));
    this.#killed.clear();
    const whose = this.#members.some(({ process }) => process === undefined) ? "others" : "own";
    const withinMs = WHOLE_WITHIN_MS[whose];
    const deadline = performance.now() + withinMs;
    for (;;) {
      const roles = await Promise.all(this.#members.map((member) => member.role()));
      if (!roles.includes(null)) break;
      if (performance.now() > deadline) throw new Error(`not all servers serve again within ${withinMs} ms`);
      await delay(LOOK_EVERY_MS);
    }
  }
}
