/** Strikes servers, the run's own or others that it may strike, and makes them whole again. */
import { setTimeout as delay } from "node:timers/promises";
import type { ServerState } from "../history/event.ts";
import { type Network, serverLink } from "../network/network.ts";
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
  readonly #members: readonly StrikableMember[];
  readonly #context: StrikesContext;
  /** They are to be started again. */
  readonly #killed = new Set<StrikableMember>();
  readonly #paused = new Set<StrikableMember>();
  readonly #cuts: { readonly server: StrikableMember; end(): Promise<unknown> }[] = [];
  /** What makes their disks as fast as they were. */
  readonly #slowed = new Map<StrikableMember, () => Promise<void>>();
  #struck = false;

  constructor(members: readonly StrikableMember[], context: StrikesContext) {
    this.#members = members;
    this.#context = context;
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
    const lists = await connectionsOf(this.#members);
    const server = this.#members[lists.findIndex((list) => list.includes(`sid=0x${sid},`))];
    if (server === undefined) throw new Error(`no server has a connection of session 0x${id}`);
    return server;
  }

  /** The one of these with the most connections. */
  async busiest(members: readonly StrikableMember[]): Promise<StrikableMember> {
    const counts = (await connectionsOf(members)).map((list) => list.split("\n").length);
    const busiest = members[counts.indexOf(Math.max(...counts))];
    if (busiest === undefined) throw new Error("there is no such server");
    return busiest;
  }

  /** @returns when it is gone */
  async kill(server: StrikableMember): Promise<void> {
    this.#struck = true;
    this.#killed.add(server);
    this.#tell(server, "killed");
    await server.controls.kill();
  }

  /** Its port stays open, and its connections stay up. */
  async pause(server: StrikableMember): Promise<void> {
    this.#struck = true;
    this.#paused.add(server);
    this.#tell(server, "paused");
    await server.controls.pause();
  }

  async resume(server: StrikableMember): Promise<void> {
    await server.controls.resume();
    this.#paused.delete(server);
    this.#tell(server, "back");
  }

  /** Fills its disk. @throws if it has none of its own */
  async fillDisk(server: StrikableMember): Promise<void> {
    const { fillDisk } = server.controls;
    if (fillDisk === undefined) throw new Error("the server has no disk of its own");
    this.#struck = true;
    this.#killed.add(server);
    this.#tell(server, "disk-full");
    await fillDisk.call(server.controls);
  }

  /** Slows its disk down. @throws if it has none of its own */
  async slowDisk(server: StrikableMember, writesPerSecond: number): Promise<void> {
    const { limitDisk } = server.controls;
    if (limitDisk === undefined) throw new Error("the server has no disk of its own");
    this.#struck = true;
    this.#tell(server, "disk-slow");
    this.#slowed.set(server, () => limitDisk.call(server.controls, 0));
    await limitDisk.call(server.controls, writesPerSecond);
  }

  /**
   * Waits until a server no longer serves, or until the trial is to end.
   * @param meanwhile is called before each look
   * @throws when that takes longer
   */
  async untilSilent(
    server: StrikableMember,
    withinMs: number,
    meanwhile: () => Promise<void>,
  ): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!this.#context.signal.aborted) {
      await meanwhile();
      if ((await server.role()) === null) return;
      if (performance.now() > deadline) throw new Error(`the server still serves after ${withinMs} ms`);
      await delay(LOOK_EVERY_MS);
    }
  }

  /** Cuts it off from all other servers, both ways, while its clients reach it. @throws without relays */
  async isolate(server: StrikableMember): Promise<void> {
    const { network } = this.#context;
    if (network === undefined) throw new Error("there are no relays between the servers");
    this.#struck = true;
    this.#tell(server, "cut-off");
    const cut = await network.isolate(1 + this.#members.indexOf(server));
    this.#cuts.push({ server, end: () => cut.end() });
  }

  /** Cuts the way between two servers, both ways; each still reaches all others. @throws without relays */
  async separate(server: StrikableMember, other: StrikableMember): Promise<void> {
    const { network } = this.#context;
    if (network === undefined) throw new Error("there are no relays between the servers");
    const [one, two] = [server, other].map((each) => 1 + this.#members.indexOf(each));
    if (one === undefined || two === undefined) throw new Error("two servers have two places");
    this.#struck = true;
    this.#tell(server, "cut-off");
    const links = [{ link: serverLink(one, two) }, { link: serverLink(two, one) }];
    const cut = await network.apply(links, { type: "stall" });
    this.#cuts.push({ server, end: () => cut.end() });
  }

  /**
   * Waits until another server leads, and this one no longer says that it does, or until the trial is to end.
   * @throws when that takes longer
   */
  async untilSucceeded(server: StrikableMember, withinMs: number): Promise<void> {
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
    for (const [server, speedUp] of this.#slowed) {
      await speedUp();
      this.#tell(server, "back");
    }
    this.#slowed.clear();
    await Promise.all([...this.#paused].map((server) => this.resume(server)));
    const restarted = [...this.#killed].map(async (server) => {
      await server.controls.restart();
      this.#tell(server, "back");
    });
    await Promise.all(restarted);
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

  #tell(server: StrikableMember, state: ServerState): void {
    this.#context.onState(this.#members.indexOf(server) + 1, state);
  }
}

/** The lists of the servers' connections, a line for each; empty for one that does not answer. */
function connectionsOf(members: readonly StrikableMember[]): Promise<string[]> {
  return Promise.all(members.map(({ address }) => ask(address, "cons").catch(() => "")));
}
