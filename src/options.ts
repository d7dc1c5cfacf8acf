/**
 * What a person can ask for: one table of options for each command, and the checks that need nothing but the
 * words themselves. Whatever is wrong here is said before anything is started.
 */
import { type SchemeName, schemeNames } from "./election/scheme.ts";
import { parseConnect } from "./ensemble/connect-string.ts";
import { DEFAULT_VERSION } from "./ensemble/distribution.ts";
import { sessionTimeoutRange } from "./ensemble/server.ts";
import { type FaultName, faultNames } from "./faults/fault.ts";
import { type Flag, parse, type Words } from "./flags.ts";
import { LabError } from "./lab-error.ts";
import { list, oneOf, quoted, wholeNumber, znodeName, znodePath } from "./option-values.ts";

export interface LabOptions {
  readonly type: "lab";
  /** Lists multiply into trials. */
  readonly candidates: readonly number[];
  readonly schemes: readonly SchemeName[];
  readonly faults: readonly FaultName[];
  readonly sessionTimeoutsMs: readonly number[];
  readonly failovers: number;
  readonly tickTimeMs: number;
  readonly fsync: boolean;
  /** The user's own ensemble. */
  readonly connect: string | undefined;
  readonly zookeeperHome: string | undefined;
  readonly zookeeperVersion: string | undefined;
  readonly election: string;
  readonly seed: number;
  readonly out: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

export interface ServerCommandOptions {
  readonly type: "zookeeper";
  readonly port: number;
  readonly data: string | undefined;
  readonly zookeeperHome: string | undefined;
  readonly zookeeperVersion: string | undefined;
}

export interface ClientCommandOptions {
  readonly type: "client";
  readonly connect: string;
  readonly election: string;
  readonly scheme: SchemeName;
  readonly sessionTimeoutMs: number;
}

const serverFlags = {
  "zookeeper-home": {
    group: "ZooKeeper:",
    describe: "folder of a ZooKeeper release to run; without it, the one that ./scripts/setup found",
  },
  "zookeeper-version": {
    group: "ZooKeeper:",
    describe: "version to run, as ./scripts/setup --zookeeper-version fetched it",
  },
} as const satisfies Record<string, Flag>;

const labFlags = {
  candidates: {
    group: "Experiment:",
    default: "50",
    describe: "how many candidates, a thread and a session each; or a list: 10,50",
  },
  scheme: {
    group: "Experiment:",
    default: "predecessor,leader",
    describe: `what a waiting candidate watches, or a list: ${schemeNames.join(",")}`,
  },
  fault: {
    group: "Experiment:",
    default: "resign",
    describe: `what strikes, or a list: ${faultNames.join(",")}`,
  },
  failovers: { group: "Experiment:", default: "20", describe: "how many faults, one after the other" },
  "session-timeout": { group: "Experiment:", default: "4000", describe: "milliseconds, or a list" },
  election: { group: "Experiment:", default: "election", describe: "name of the election's znode" },
  seed: {
    group: "Experiment:",
    default: "1",
    describe: "whole number; the intervals around medians are drawn from it",
  },
  connect: {
    group: "ZooKeeper:",
    describe: "your own ensemble, host:port,…[/chroot]; without it, the lab starts a server",
  },
  "tick-time": {
    group: "ZooKeeper:",
    default: "200",
    describe: "milliseconds; the lab's server rounds the end of a session up to it",
  },
  "no-fsync": {
    group: "ZooKeeper:",
    switch: true,
    describe: "the lab's server answers a write before it is on disk",
  },
  ...serverFlags,
  out: {
    group: "Output:",
    describe: "folder for the run, new or empty; without it, runs/<UTC time>-lab",
  },
  json: { group: "Output:", switch: true, describe: "print result.json to stdout, and nothing else" },
  quiet: { group: "Output:", switch: true, describe: "no progress on stderr" },
} as const satisfies Record<string, Flag>;

/** They say how to run a server, so there must be one to run. */
const ownServerFlags = ["tick-time", "no-fsync", "zookeeper-home", "zookeeper-version"] as const;

const labExamples = [
  ["yarn lab --candidates 50", "the herd: predecessor against leader"],
  ["yarn lab --fault freeze --session-timeout 2000 --failovers 5", "long pauses: who leads meanwhile?"],
  [
    "yarn lab --candidates 10,50,100 --scheme predecessor,leader,children",
    "lists multiply: nine trials in a row",
  ],
  ["yarn lab --connect zk1:2181,zk2:2181/lab --json > result.json", "on your own ensemble"],
] as const;

/** @throws {LabError} `usage`, naming the flag, the value and what would do */
export async function parseLab(args: readonly string[]): Promise<LabOptions | Words> {
  const parsed = await parse("yarn lab", "Measures failover and herd of leader election on ZooKeeper.", {
    args,
    flags: labFlags,
    examples: labExamples,
  });
  if (parsed.type === "words") return parsed;
  const { values, given } = parsed;
  const tickTimeMs = wholeNumber("--tick-time", values["tick-time"], 10, 60_000, "ms");
  const connect = values.connect;
  if (connect !== undefined) {
    parseConnect(connect);
    for (const flag of ownServerFlags) {
      if (given.has(flag)) {
        throw new LabError(
          "usage",
          `--${flag} is for the lab's own server, --connect for yours; leave one of them out`,
        );
      }
    }
  }
  const candidates = list("--candidates", values.candidates, candidateCount);
  const faults = list("--fault", values.fault, oneOf("--fault", faultNames));
  if (faults.includes("follower") && Math.min(...candidates) < 3) {
    throw new LabError(
      "usage",
      `--fault follower: give --candidates 3 or more, not ${Math.min(...candidates)}: it strikes one that ` +
        "does not lead, and another one has to notice",
    );
  }
  return {
    type: "lab",
    candidates,
    schemes: list("--scheme", values.scheme, oneOf("--scheme", schemeNames)),
    faults,
    sessionTimeoutsMs: list("--session-timeout", values["session-timeout"], (text) =>
      connect === undefined
        ? grantedTimeout(text, tickTimeMs)
        : wholeNumber("--session-timeout", text, ...ANY_TIMEOUT_MS, "ms"),
    ),
    failovers: wholeNumber("--failovers", values.failovers, 1, 10_000),
    tickTimeMs,
    fsync: !values["no-fsync"],
    connect,
    zookeeperHome: values["zookeeper-home"],
    zookeeperVersion: zookeeperVersion(values["zookeeper-version"]),
    election: znodeName("--election", values.election),
    seed: wholeNumber("--seed", values.seed, 0, 2 ** 31 - 1),
    out: values.out,
    json: values.json,
    quiet: values.quiet,
  };
}

/** @throws {LabError} `usage` */
export async function parseServer(args: readonly string[]): Promise<ServerCommandOptions | Words> {
  const flags = {
    port: { group: "Server:", default: "2181", describe: "client port, on 127.0.0.1" },
    data: { group: "Server:", describe: "folder that keeps the data; without it, a temporary one" },
    ...serverFlags,
  } as const satisfies Record<string, Flag>;
  const parsed = await parse("yarn start:zookeeper", "Runs one ZooKeeper server until Ctrl-C.", {
    args,
    flags,
    examples: [["yarn start:zookeeper --port 2182 --data ./data", "data that outlives the server"]],
  });
  if (parsed.type === "words") return parsed;
  const { values } = parsed;
  return {
    type: "zookeeper",
    port: wholeNumber("--port", values.port, 1, 65_535),
    data: values.data,
    zookeeperHome: values["zookeeper-home"],
    zookeeperVersion: zookeeperVersion(values["zookeeper-version"]),
  };
}

/** @throws {LabError} `usage` */
export async function parseClient(args: readonly string[]): Promise<ClientCommandOptions | Words> {
  const flags = {
    election: { group: "Candidate:", default: "/candidates", describe: "path of the election's znode" },
    scheme: {
      group: "Candidate:",
      default: "predecessor",
      describe: `what to watch while waiting: ${schemeNames.join(", ")}`,
    },
    "session-timeout": { group: "Candidate:", default: "10000", describe: "milliseconds" },
    connect: {
      group: "ZooKeeper:",
      default: "127.0.0.1:2181",
      describe: "ensemble, host:port,…[/chroot]",
    },
  } as const satisfies Record<string, Flag>;
  const parsed = await parse("yarn start:client", "One candidate in this terminal, until Ctrl-C.", {
    args,
    flags,
    examples: [["yarn start:client --scheme leader", "woken whenever the leader goes"]],
  });
  if (parsed.type === "words") return parsed;
  const { values } = parsed;
  parseConnect(values.connect);
  return {
    type: "client",
    connect: values.connect,
    election: znodePath("--election", values.election),
    scheme: oneOf("--scheme", schemeNames)(values.scheme),
    sessionTimeoutMs: wholeNumber("--session-timeout", values["session-timeout"], ...ANY_TIMEOUT_MS, "ms"),
  };
}

/** Any that a ZooKeeper may be configured to grant, from two of the shortest ticks to an hour. */
const ANY_TIMEOUT_MS = [20, 3_600_000] as const;

function zookeeperVersion(text: string | undefined): string | undefined {
  if (text === undefined || /^\d+\.\d+\.\d+/.test(text)) return text;
  throw new LabError("usage", `--zookeeper-version ${quoted(text)}: give one such as ${DEFAULT_VERSION}`);
}

function candidateCount(text: string): number {
  if (text === "1") {
    throw new LabError("usage", "--candidates 1: nobody is there to fail over to; give 2 or more");
  }
  return wholeNumber("--candidates", text, 2, 10_000);
}

function grantedTimeout(text: string, tickTimeMs: number): number {
  const range = sessionTimeoutRange(tickTimeMs);
  try {
    return wholeNumber("--session-timeout", text, ...range, "ms");
  } catch (cause) {
    if (!(cause instanceof LabError)) throw cause;
    const message = `${cause.message}: that is what a server with --tick-time ${tickTimeMs} grants`;
    throw new LabError("usage", message, { cause });
  }
}
