/**
 * The monitors of all servers, asked together and quickly: candidates' heartbeats wait during a look. A server
 * that does not answer is left alone until the next call, so that it costs no more time.
 */
import type { ServerTrouble } from "../history/observations.ts";
import type { Role } from "../history/own-servers.ts";
import { codeOf, messageOf } from "../thrown.ts";
import { type Address, hostAndPort } from "../zookeeper/connect-string.ts";
import type { Limit } from "./awake.ts";
import { type Monitor, monitor, NotHeard } from "./four-letter-word.ts";
import { isOneServer, isSameServer, isSameTerm } from "./same-server.ts";

/** Enough for a live server, however busy. No heartbeat waits for it. */
const CALL: Limit = { awakeMs: 500 };

/** A server may restart during a run. An address that changes again stands for several servers. */
const SEVERAL = 2;

/** `late`: it has missed a look, and will be called once more before it counts as `silent`. */
type Bearing =
  | { readonly state: "tells" | "forbids" }
  | { readonly state: "late" | "silent"; readonly reason: string };

interface Known {
  readonly server: number;
  readonly address: Address;
  bearing: Bearing;
  last: Monitor | undefined;
  /** The number of times that another server answered than the time before. */
  changes: number;
  /** The number of changes reported so far. */
  told: number;
  /** Whether an earlier address belongs to the same server: each server counts once. */
  again: boolean;
}

export class Monitors {
  readonly #servers: readonly Known[];
  /** Whether this process was too busy to tell some of them apart. */
  #unsure = false;

  constructor(servers: readonly Address[]) {
    this.#servers = servers.map((address, index) => ({
      server: index + 1,
      address,
      bearing: { state: "tells" },
      last: undefined,
      changes: 0,
      told: 0,
      again: false,
    }));
  }

  /** Asks all of them, outside of looks: a silent one may be back. */
  async call(): Promise<void> {
    await askAll(this.#servers, CALL, "silent");
    await this.#tellApart();
  }

  /** Servers have been replaced on purpose: how they differ from before is no trouble. */
  forget(): void {
    for (const known of this.#servers) Object.assign(known, { last: undefined, bearing: { state: "tells" } });
  }

  /** Asks only those that have missed a look since. */
  async callLate(): Promise<void> {
    const late = this.#servers.filter(({ bearing }) => bearing.state === "late");
    await askAll(late, CALL, "silent");
    if (late.length > 0 || this.#unsure) await this.#tellApart();
  }

  /** Finds out which addresses belong to the same server. */
  async #tellApart(): Promise<void> {
    const different: Known[] = [];
    this.#unsure = false;
    for (const known of this.#servers) {
      let again: boolean | undefined = false;
      for (const other of different) {
        again = await isSame(other, known);
        if (again !== false) break;
      }
      if (again === undefined) this.#unsure = true;
      else known.again = again;
      if (!known.again) different.push(known);
    }
  }

  /** One address of each server. */
  get #different(): readonly Known[] {
    return this.#servers.filter(({ again }) => !again);
  }

  /** Whether each server is known to report its counts: without that, a look is useless. */
  get allTell(): boolean {
    return this.#different.every(({ bearing, changes }) => bearing.state === "tells" && changes < SEVERAL);
  }

  /**
   * Each server's report, once per server however many addresses it has; `null`, quickly, if one does not
   * answer, or this process was too busy to hear it.
   */
  async look(withinMs: number): Promise<readonly Monitor[] | null> {
    if (!this.allTell) return null;
    const ms = Math.ceil(Math.min(withinMs, CALL.awakeMs));
    const heard = await askAll(this.#different, { awakeMs: ms, atMostMs: ms }, "late");
    return heard && this.allTell ? this.#different.flatMap(({ last }) => last ?? []) : null;
  }

  /** The roles in which servers have reported since that time, by address; `null` for those that have not. */
  rolesSince(since: number): readonly (Role | null)[] {
    return this.#servers.map(({ last }) =>
      last !== undefined && last.answeredAt >= since ? last.role : null,
    );
  }

  /** All addresses, first those that answer as far as is known. */
  get byAnswer(): Address[] {
    const heard = this.#servers.filter(({ bearing }) => !isUnheard(bearing));
    const unheard = this.#servers.filter(({ bearing }) => isUnheard(bearing));
    return [...heard, ...unheard].map(({ address }) => address);
  }

  /** The reasons why servers do not report, and the changes since the last call. */
  troubles(): ServerTrouble[] {
    return this.#different.flatMap((known): ServerTrouble[] => {
      const { server, bearing, changes } = known;
      const address = hostAndPort(known.address);
      const troubles: ServerTrouble[] = [];
      if (isUnheard(bearing)) troubles.push({ type: "silent", server, address, reason: bearing.reason });
      if (bearing.state === "forbids") troubles.push({ type: "forbids", server, address });
      if (changes >= SEVERAL) troubles.push({ type: "several", server, address });
      else if (changes > known.told) troubles.push({ type: "changed", server, address });
      known.told = changes;
      return troubles;
    });
  }
}

function isUnheard(bearing: Bearing): bearing is Extract<Bearing, { readonly reason: string }> {
  return bearing.state === "late" || bearing.state === "silent";
}

/** @returns whether this process could hear all of them */
async function askAll(
  servers: readonly Known[],
  limit: Limit,
  otherwise: "late" | "silent",
): Promise<boolean> {
  const heard = await Promise.all(servers.map((known) => ask(known, limit, otherwise)));
  return !heard.includes(false);
}

/** Whether two addresses belong to the same server; `undefined` if this process was too busy to hear them. */
async function isSame(one: Known, other: Known): Promise<boolean | undefined> {
  if (one.last === undefined || other.last === undefined || !isSameTerm(one.last, other.last)) return false;
  const told: Monitor[] = [];
  for (const known of [one, other, one, other]) {
    if (!(await ask(known, CALL, "silent"))) return undefined;
    if (known.bearing.state !== "tells" || known.last === undefined) return false;
    told.push(known.last);
  }
  return isOneServer(told);
}

async function ask(known: Known, limit: Limit, otherwise: "late" | "silent"): Promise<boolean> {
  try {
    const seen = await monitor(known.address, limit);
    known.bearing = { state: seen === undefined ? "forbids" : "tells" };
    if (seen === undefined) return true;
    if (known.last !== undefined && !isSameServer(known.last, seen)) known.changes++;
    known.last = seen;
    return true;
  } catch (error) {
    // This says nothing about the server.
    if (error instanceof NotHeard) return false;
    known.bearing = { state: otherwise, reason: codeOf(error) ?? messageOf(error) };
    return true;
  }
}
