/**
 * What a person can ask for: one table of options for each command, and the checks that need nothing but the
 * words themselves. Whatever is wrong here is said before anything is started.
 */
import yargs, { type Options } from "yargs";
import { type SchemeName, schemeNames } from "./election/scheme.ts";
import { parseConnect } from "./ensemble/external.ts";
import { sessionTimeoutRange } from "./ensemble/server.ts";
import { type FaultName, faultNames } from "./faults/fault.ts";
import { version } from "./installation.ts";
import { LabError } from "./lab-error.ts";

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

/** The person asked for words, not for work: this is the text to print. */
export interface Words {
  readonly type: "words";
  readonly words: string;
}

const server = {
  "zookeeper-home": {
    group: "ZooKeeper:",
    string: true,
    requiresArg: true,
    describe: "folder of a ZooKeeper release to run; the one that set-up found by default",
  },
  "zookeeper-version": {
    group: "ZooKeeper:",
    string: true,
    requiresArg: true,
    describe: "version to run, as fetched by ./scripts/setup --zookeeper-version",
  },
} as const satisfies Record<string, Options>;

const lab = {
  candidates: {
    group: "Experiment:",
    string: true,
    requiresArg: true,
    default: "50",
    describe: "how many candidates, a thread and a session each; or a list: 10,50",
  },
  scheme: {
    group: "Experiment:",
    string: true,
    requiresArg: true,
    default: "predecessor,leader",
    describe: `what a waiting candidate watches, or a list: ${schemeNames.join(",")}`,
  },
  fault: {
    group: "Experiment:",
    string: true,
    requiresArg: true,
    default: "resign",
    describe: `what strikes, or a list: ${faultNames.join(",")}`,
  },
  failovers: {
    group: "Experiment:",
    string: true,
    requiresArg: true,
    default: "20",
    describe: "faults in a trial",
  },
  "session-timeout": {
    group: "Experiment:",
    string: true,
    requiresArg: true,
    default: "4000",
    describe: "session timeout in milliseconds, or a list",
  },
  election: {
    group: "Experiment:",
    string: true,
    requiresArg: true,
    default: "election",
    describe: "name of the election's znode",
  },
  seed: {
    group: "Experiment:",
    string: true,
    requiresArg: true,
    default: "1",
    describe: "whole number; the intervals around medians are drawn from it",
  },
  connect: {
    group: "ZooKeeper:",
    string: true,
    requiresArg: true,
    describe: "your own ensemble, host:port,…[/chroot]; without it the lab starts a server",
  },
  "tick-time": {
    group: "ZooKeeper:",
    string: true,
    requiresArg: true,
    default: "200",
    describe: "tick of the lab's server in milliseconds: expiry is rounded up to it",
  },
  fsync: {
    group: "ZooKeeper:",
    boolean: true,
    default: true,
    describe: "the lab's server has each write on disk before it answers; --no-fsync: not",
  },
  ...server,
  out: {
    group: "Output:",
    string: true,
    requiresArg: true,
    describe: "folder for the run, empty or new; runs/<UTC time>-lab by default",
  },
  json: {
    group: "Output:",
    boolean: true,
    default: false,
    describe: "print result.json to stdout, and nothing else",
  },
  quiet: { group: "Output:", boolean: true, default: false, describe: "no progress" },
} as const satisfies Record<string, Options>;

const labExamples = [
  ["yarn lab --candidates 50", "the herd: predecessor against leader"],
  ["yarn lab --fault freeze --session-timeout 2000 --failovers 5", "long pauses: who leads meanwhile?"],
  ["yarn lab --candidates 10,50,100 --scheme predecessor,leader,children", "nine trials in a row"],
  ["yarn lab --connect zk1:2181,zk2:2181/lab --json > result.json", "on your own ensemble"],
] as const;

/** @throws {LabError} `usage`, naming the flag, the value and what would do */
export async function parseLab(args: readonly string[]): Promise<LabOptions | Words> {
  const parsed = await parse("yarn lab", "Measures failover and herd of leader election on ZooKeeper.", lab, {
    args,
    examples: labExamples,
  });
  if (parsed.type === "words") return parsed;
  const { values } = parsed;
  const tickTimeMs = wholeNumber("--tick-time", values["tick-time"], 10, 60_000, "ms");
  const options: LabOptions = {
    type: "lab",
    candidates: list("--candidates", values.candidates).map((text) =>
      // One candidate has nobody to fail over to.
      wholeNumber("--candidates", text, 2, 10_000, "candidates: with one there is nobody to fail over to"),
    ),
    schemes: list("--scheme", values.scheme).map((text) => oneOf("--scheme", text, schemeNames)),
    faults: list("--fault", values.fault).map((text) => oneOf("--fault", text, faultNames)),
    sessionTimeoutsMs: list("--session-timeout", values["session-timeout"]).map((text) =>
      wholeNumber("--session-timeout", text, 20, 3_600_000, "ms"),
    ),
    failovers: wholeNumber("--failovers", values.failovers, 1, 10_000, "failovers"),
    tickTimeMs,
    fsync: values.fsync,
    connect: values.connect,
    zookeeperHome: values["zookeeper-home"],
    zookeeperVersion: values["zookeeper-version"],
    election: znodeName("--election", values.election),
    seed: wholeNumber("--seed", values.seed, 0, 2 ** 31 - 1, ""),
    out: values.out,
    json: values.json,
    quiet: values.quiet,
  };
  crossCheck(options, args);
  return options;
}

function crossCheck(options: LabOptions, args: readonly string[]): void {
  const { candidates, connect, faults, sessionTimeoutsMs, tickTimeMs } = options;
  if (connect !== undefined) {
    parseConnect(connect);
    for (const flag of ["--tick-time", "--no-fsync", "--zookeeper-home", "--zookeeper-version"]) {
      if (args.some((arg) => arg === flag || arg.startsWith(`${flag}=`))) {
        throw new LabError("usage", `${flag} is for the lab's own server; leave it or --connect out`);
      }
    }
  } else {
    const [min, max] = sessionTimeoutRange(tickTimeMs);
    for (const ms of sessionTimeoutsMs) {
      if (ms < min || ms > max) {
        throw new LabError(
          "usage",
          `--session-timeout ${ms}: a server with --tick-time ${tickTimeMs} grants ${min} to ${max} ms`,
        );
      }
    }
  }
  if (faults.includes("follower") && Math.min(...candidates) < 3) {
    throw new LabError(
      "usage",
      "--fault follower needs --candidates 3 or more: one that leads, one behind the victim",
    );
  }
}

/** @throws {LabError} `usage` */
export async function parseServer(args: readonly string[]): Promise<ServerCommandOptions | Words> {
  const table = {
    port: { string: true, requiresArg: true, default: "2181", describe: "client port, on 127.0.0.1" },
    data: {
      string: true,
      requiresArg: true,
      describe: "folder that keeps the data; a temporary one by default",
    },
    ...server,
  } as const satisfies Record<string, Options>;
  const parsed = await parse("yarn start:zookeeper", "Runs one ZooKeeper server until Ctrl-C.", table, {
    args,
    examples: [["yarn start:zookeeper --port 2182 --data ./data", "data that outlives it"]],
  });
  if (parsed.type === "words") return parsed;
  const { values } = parsed;
  return {
    type: "zookeeper",
    port: wholeNumber("--port", values.port, 1, 65_535, ""),
    data: values.data,
    zookeeperHome: values["zookeeper-home"],
    zookeeperVersion: values["zookeeper-version"],
  };
}

/** @throws {LabError} `usage` */
export async function parseClient(args: readonly string[]): Promise<ClientCommandOptions | Words> {
  const table = {
    connect: {
      string: true,
      requiresArg: true,
      default: "127.0.0.1:2181",
      describe: "ensemble, host:port,…[/chroot]",
    },
    election: { string: true, requiresArg: true, default: "/candidates", describe: "the election's znode" },
    scheme: {
      string: true,
      requiresArg: true,
      default: "predecessor",
      describe: `what to watch while waiting: ${schemeNames.join(", ")}`,
    },
    "session-timeout": { string: true, requiresArg: true, default: "10000", describe: "milliseconds" },
  } as const satisfies Record<string, Options>;
  const parsed = await parse("yarn start:client", "One candidate in this terminal, until Ctrl-C.", table, {
    args,
    examples: [["yarn start:client --scheme leader", "wakes whenever the leader goes"]],
  });
  if (parsed.type === "words") return parsed;
  const { values } = parsed;
  parseConnect(values.connect);
  return {
    type: "client",
    connect: values.connect,
    election: `/${znodeName("--election", values.election)}`,
    scheme: oneOf("--scheme", values.scheme, schemeNames),
    sessionTimeoutMs: wholeNumber("--session-timeout", values["session-timeout"], 20, 3_600_000, "ms"),
  };
}

/** Reads the words of one command; help and version come back as text. */
async function parse<const T extends Record<string, Options>>(
  name: string,
  description: string,
  table: T,
  { args, examples }: { args: readonly string[]; examples: readonly (readonly [string, string])[] },
) {
  const parser = yargs([...args])
    .scriptName(name)
    .usage(`${description}\n\n  ${name} [options]`)
    .options(table)
    .example(examples.map(([command, meaning]) => [command, meaning]))
    .version(version)
    .help()
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .strict()
    .parserConfiguration({ "camel-case-expansion": false, "duplicate-arguments-array": false })
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      throw new LabError("usage", `${message ?? error?.message}; see ${name} --help`);
    });
  let words = "";
  const values = await parser.parseAsync([...args], {}, (_error, _argv, output) => {
    words = output;
  });
  return words === "" ? { type: "values" as const, values } : { type: "words" as const, words };
}

function list(flag: string, text: string): string[] {
  const parts = text.split(",").map((part) => part.trim());
  if (new Set(parts).size < parts.length)
    throw new LabError("usage", `${flag} ${text}: one of them stands twice`);
  return parts;
}

function wholeNumber(flag: string, text: string, min: number, max: number, unit: string): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || value < min || value > max) {
    throw new LabError(
      "usage",
      `${flag} ${text}: give a whole number from ${min} to ${max} ${unit}`.trimEnd(),
    );
  }
  return value;
}

function oneOf<Name extends string>(flag: string, text: string, names: readonly Name[]): Name {
  const name = names.find((known) => known === text);
  if (name === undefined) throw new LabError("usage", `${flag} ${text}: choose from ${names.join(", ")}`);
  return name;
}

/** A path below another znode; ZooKeeper refuses control characters and some others (PathUtils). */
function znodeName(flag: string, text: string): string {
  const name = text.replace(/^\//, "");
  const bad = name.split("/").some((part) => part === "" || part === "." || part === "..");
  if (bad || /[\p{Cc}\p{Cs}\p{Co}\ufff0-\uffff]/u.test(name)) {
    throw new LabError(
      "usage",
      `${flag} ${JSON.stringify(text)}: not the name of a znode; for example: election`,
    );
  }
  return name;
}
