/** An ensemble of three servers on the loopback interface, each of which can be killed and started again. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import getPort from "get-port";
import { findDistribution } from "../ensemble/distribution.ts";
import { type Address, ask, nameOf } from "../ensemble/four-letter-word.ts";
import type { Scratch } from "../ensemble/scratch.ts";
import { type Server, type ServerOptions, startServer } from "../ensemble/server.ts";

const IDS = [1, 2, 3] as const;

export type ServerId = (typeof IDS)[number];

interface Member {
  readonly options: ServerOptions;
  server: Server;
}

export class ThreeServers {
  readonly #scratch: Scratch;
  readonly #members: ReadonlyMap<ServerId, Member>;

  private constructor(scratch: Scratch, members: ReadonlyMap<ServerId, Member>) {
    this.#scratch = scratch;
    this.#members = members;
  }

  /** @returns when all of them serve; they end with the scratch */
  static async start(scratch: Scratch, tickTimeMs: number): Promise<ThreeServers> {
    const distribution = await findDistribution();
    const freePort = () => getPort({ host: "127.0.0.1" });
    const peers: Record<string, string> = {};
    for (const id of IDS) peers[`server.${id}`] = `127.0.0.1:${await freePort()}:${await freePort()}`;
    const members = IDS.map(async (id) => {
      const dataFolder = join(scratch.folder, `member-${id}`);
      await mkdir(dataFolder);
      await writeFile(join(dataFolder, "myid"), String(id));
      // In ticks: how long a server may take to join the others, and to answer them.
      const settings = { ...peers, initLimit: 50, syncLimit: 10 };
      const port = await freePort();
      const options = { distribution, port, tickTimeMs, fsync: false, dataFolder, settings };
      return [id, { options, server: await startServer(scratch, options) }] as const;
    });
    return new ThreeServers(scratch, new Map(await Promise.all(members)));
  }

  get ids(): readonly ServerId[] {
    return IDS;
  }

  get connect(): string {
    return IDS.map((id) => nameOf(this.address(id))).join(",");
  }

  address(id: ServerId): Address {
    return this.#member(id).server.address;
  }

  /** Which one leads the ensemble. */
  async leader(): Promise<ServerId> {
    for (const id of IDS) {
      const answer = await ask(this.address(id), "srvr").catch(() => "");
      if (answer.includes("Mode: leader")) return id;
    }
    throw new Error("none of the servers leads");
  }

  pid(id: ServerId): number {
    return this.#member(id).server.pid;
  }

  /** @returns when it is gone */
  async kill(id: ServerId): Promise<void> {
    const { pid, exited } = this.#member(id).server;
    process.kill(pid, "SIGKILL");
    await exited;
  }

  /** @returns when it serves again */
  async restart(id: ServerId): Promise<void> {
    const member = this.#member(id);
    member.server = await startServer(this.#scratch, member.options);
  }

  #member(id: ServerId): Member {
    const member = this.#members.get(id);
    if (member === undefined) throw new Error(`there is no server ${id}`);
    return member;
  }
}
