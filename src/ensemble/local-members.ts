/** The run's own servers on the loopback interface: one that stands alone, or several that form an ensemble. */
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import getPort from "get-port";
import type { Network } from "../network/network.ts";
import { Disk } from "./disk.ts";
import { type Distribution, findDistribution } from "./distribution.ts";
import { type LocalMember, localMember } from "./member.ts";
import { peersOf } from "./peers.ts";
import type { Scratch } from "./scratch.ts";
import { PortTaken, START_TIMEOUT_MS } from "./server.ts";
import { ServerProcess } from "./server-process.ts";

export interface LocalServers {
  readonly zookeeperHome?: string | undefined;
  readonly zookeeperVersion?: string | undefined;
  readonly tickTimeMs: number;
  readonly fsync: boolean;
  /** An odd number. @default 1 */
  readonly servers?: number;
  /** Options of their JVMs, after ours. */
  readonly jvmOptions?: readonly string[];
  /** Settings for each `zoo.cfg`, in addition to ours or overriding them. */
  readonly zooCfg?: Readonly<Record<string, string>>;
}

/** Where servers listen and keep their data; by default on free ports, and in temporary folders. */
export interface Premises {
  /** Their ports for clients, in their order. */
  readonly ports?: readonly number[];
  /** A single server's data lies in it, and the data of several in a folder each below it. */
  readonly dataFolder?: string;
}

export interface MemberOptions extends LocalServers {
  /** If the servers are to reach each other through relays, so that one can be cut off from the others. */
  readonly network?: Network | undefined;
  /** Whether each of several has a small disk for its data, which can be filled. */
  readonly disks?: boolean;
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
export async function startMembers(
  scratch: Scratch,
  options: MemberOptions,
  premises: Premises = {},
): Promise<Started> {
  const { zookeeperHome, zookeeperVersion } = options;
  const distribution = await findDistribution({
    ...(zookeeperHome !== undefined && { home: zookeeperHome }),
    ...(zookeeperVersion !== undefined && { version: zookeeperVersion }),
  });
  const dataFolder = premises.dataFolder ?? (await mkdtemp(join(scratch.folder, "data-")));
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnFreePorts(scratch, distribution, options, { ...premises, dataFolder });
    } catch (error) {
      if (!(error instanceof PortTaken) || attempt === PORTS_TO_TRY) throw error;
    }
  }
}

async function startOnFreePorts(
  scratch: Scratch,
  distribution: Distribution,
  { tickTimeMs, fsync, servers = 1, jvmOptions = [], zooCfg = {}, network, disks = false }: MemberOptions,
  { ports = [], dataFolder }: Premises & { readonly dataFolder: string },
): Promise<Started> {
  const numbers = Array.from({ length: servers }, (_, index) => index + 1);
  const peers = servers > 1 ? await peersOf(numbers, network) : () => ({});
  const processes: ServerProcess[] = [];
  try {
    for (const number of numbers) {
      const folder = servers === 1 ? dataFolder : join(dataFolder, `server-${number}`);
      if (servers > 1) {
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, "myid"), String(number));
      }
      processes.push(
        await ServerProcess.launch(scratch, {
          ...{ distribution, tickTimeMs, fsync, jvmOptions },
          settings: { ...LIMITS, ...zooCfg, ...peers(number) },
          port: ports[number - 1] ?? (await freePort()),
          dataFolder: folder,
          disk: disks ? await Disk.create(`${folder}.image`, folder) : undefined,
        }),
      );
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
