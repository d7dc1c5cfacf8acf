/**
 * Implementations that `yarn bench:peers` compares: our own, and others, as `scripts/peers` has fetched them
 * into `.peers/`, by the same names.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SchemeName } from "../election/schemes.ts";
import type { Host } from "../history/host.ts";
import { ours, type PlannedScheme } from "./groups.ts";
import { programOf } from "./host-flags.ts";

interface Own {
  readonly scheme: SchemeName;
  readonly host: Exclude<Host, "thread" | "program">;
}

const own = {
  heir: { scheme: "heir", host: "process" },
  "heir-with-will": { scheme: "heir", host: "process-with-will" },
  predecessor: { scheme: "predecessor", host: "process" },
} as const satisfies Record<string, Own>;

/** Folders of a clone, with everything quoted for a shell. */
interface Folders {
  /** What was fetched for this peer. */
  readonly fetched: string;
  readonly jars: string;
  readonly adapters: string;
}

/** The command of each peer's adapter. */
const commands = {
  "curator-leader-latch": java("CuratorLeaderLatch"),
  "curator-leader-selector": java("CuratorLeaderSelector"),
  "zookeeper-leader-election-support": java("ZookeeperLeaderElectionSupport"),
  "kazoo-election": ({ fetched, adapters }) =>
    `env PYTHONPATH=${fetched}/packages python3 ${adapters}/kazoo/kazoo_election.py`,
  "go-lock": ({ fetched }) => `${fetched}/go-lock`,
} as const satisfies Record<string, (folders: Folders) => string>;

/** Many that start at once on a small machine: they compile quickly, and take little memory. */
function java(main: string) {
  return ({ fetched, jars }: Folders): string =>
    `java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx64m -cp ${fetched}/classes:${jars}/'*' ${main}`;
}

export type PeerName = keyof typeof commands;
export const peerNames = Object.keys(commands) as PeerName[];
export type ImplementationName = keyof typeof own | PeerName;
export const implementationNames: readonly ImplementationName[] = [
  ...(Object.keys(own) as (keyof typeof own)[]),
  ...peerNames,
];

export interface Implementation {
  readonly name: ImplementationName;
  readonly host: Host;
  readonly planned: PlannedScheme;
  /** What was fetched, in its own words; `null` for our own. */
  readonly version: string | null;
}

/** One that is not there, and why: the end of a sentence. */
export interface Absent {
  readonly name: PeerName;
  readonly reason: string;
}

/** @param root the clone's folder */
export function implementation(name: ImplementationName, root: string): Implementation | Absent {
  if (!isPeer(name)) {
    const { scheme, host } = own[name];
    const [planned] = ours(scheme);
    if (planned === undefined) throw new Error(`there is no scheme ${scheme}`);
    return { name, host, planned, version: null };
  }
  const fetched = join(root, ".peers", name);
  const version = textOf(join(fetched, "version"));
  if (version === undefined) {
    const reason = textOf(join(fetched, "skipped")) ?? "it is not fetched; run ./scripts/peers";
    return { name, reason };
  }
  const command = commands[name]({
    fetched: shellWord(fetched),
    jars: shellWord(join(root, ".peers", "jars")),
    adapters: shellWord(join(root, "peers")),
  });
  return { name, host: "program", planned: programOf(`${name}=${command}`), version };
}

/** The name of a trial's implementation, from its conditions. */
export function nameOfTrial({ scheme, host }: { readonly scheme: string; readonly host: string }): string {
  return Object.entries(own).find(([, one]) => one.scheme === scheme && one.host === host)?.[0] ?? scheme;
}

function isPeer(name: ImplementationName): name is PeerName {
  return Object.hasOwn(commands, name);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
