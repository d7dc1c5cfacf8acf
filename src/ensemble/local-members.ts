/** The run's own servers on the loopback interface: one that stands alone, or several that form an ensemble. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import getPort from "get-port";
import type { Network } from "../network/network.ts";
import { findDistribution } from "./distribution.ts";
import { type LocalMember, localMember } from "./member.ts";
import { peersOf } from "./peers.ts";
import type { Scratch } from "./scratch.ts";
import { PortTaken, type ServerOptions, START_TIMEOUT_MS } from "./server.ts";
import { ServerProcess } from "./server-process.ts";

export interface LocalServers {
  readonly zookeeperHome?: string | undefined;
  readonly zookeeperVersion?: string | undefined;
  readonly tickTimeMs: number;
  readonly fsync: boolean;
  /** @default 1 */
  readonly servers?: 1 | 3 | 5;
}

export interface MemberOptions extends LocalServers {
  /** If the servers are to reach each other through relays, so that one can be cut off from the others. */
  readonly network?: Network | undefined;
}

/** Servers in the order of their numbers, which start at 1. */
export type LocalMembers = readonly [LocalMember, ...LocalMember[]];

export interface Started {
  readonly members: LocalMembers;
  /** The version that the servers report. */
  readonly version: string;
}

/** A port that is free now may be taken a moment later. */
const PORTS_TO_TRY = 3;

/** Limits in ticks: how long a server may take to join the others, and to answer them. */
const LIMITS = { initLimit: 50, syncLimit: 10 };

/**
 * @returns when all of them serve; they end with the scratch
 * @throws {LabError} `unavailable` when there is no Java, no server, or one does not start
 */
export async function startMembers(scratch: Scratch, options: MemberOptions): Promise<Started> {
  const { zookeeperHome, zookeeperVersion, tickTimeMs, fsync, servers = 1, network } = options;
  const distribution = await findDistribution({
    ...(zookeeperHome !== undefined && { home: zookeeperHome }),
    ...(zookeeperVersion !== undefined && { version: zookeeperVersion }),
  });
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnFreePorts(scratch, { distribution, tickTimeMs, fsync }, servers, network);
    } catch (error) {
      if (!(error instanceof PortTaken) || attempt === PORTS_TO_TRY) throw error;
    }
  }
}

async function startOnFreePorts(
  scratch: Scratch,
  shared: Pick<ServerOptions, "distribution" | "tickTimeMs" | "fsync">,
  servers: number,
  network: Network | undefined,
): Promise<Started> {
  const numbers = Array.from({ length: servers }, (_, index) => index + 1);
  const peers = servers > 1 ? await peersOf(numbers, network) : () => ({});
  const processes: ServerProcess[] = [];
  try {
    for (const number of numbers) {
      const dataFolder = join(scratch.folder, `member-${number}`);
      await mkdir(dataFolder, { recursive: true });
      await writeFile(join(dataFolder, "myid"), String(number));
      const port = await freePort();
      const settings = { ...LIMITS, ...peers(number) };
      processes.push(await ServerProcess.launch(scratch, { ...shared, port, dataFolder, settings }));
    }
    const [version = ""] = await Promise.all(
      processes.map((process) => process.serving(servers * START_TIMEOUT_MS)),
    );
    const [first, ...others] = processes.map(localMember);
    if (first === undefined) throw new Error("an ensemble has a server");
    return { members: [first, ...others], version };
  } catch (error) {
    await Promise.all(processes.map((process) => process.kill()));
    throw error;
  }
}

function freePort(): Promise<number> {
  return getPort({ host: "127.0.0.1" });
}
