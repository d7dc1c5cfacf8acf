/**
 * What a person can ask for: one table of options for each command, and the checks that need nothing but the
 * words themselves. Whatever is wrong here is said before anything is started.
 */
import yargs, { type Options } from "yargs";
import { type SchemeName, schemeNames } from "./election/scheme.ts";
import { DEFAULT_VERSION } from "./ensemble/distribution.ts";
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

/** What a flag takes and says. Without a default it may be left out; a switch takes no value. */
interface Flag {
  readonly group: string;
  readonly describe: string;
  readonly default?: string;
  readonly switch?: true;
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

/** What came of the words: a switch is on or off, everything else is text as it was typed. */
type Values<Flags extends Record<string, Flag>> = {
  readonly [Name in keyof Flags]: Flags[Name] extends { switch: true }
    ? boolean
    : Flags[Name] extends { default: string }
      ? string
      : string | undefined;
};

interface Syntax<Flags> {
  readonly args: readonly string[];
  readonly flags: Flags;
  readonly examples: readonly (readonly [command: string, meaning: string])[];
}

/** Reads the words of one command; help and version come back as text. */
async function parse<const Flags extends Record<string, Flag>>(
  command: string,
  description: string,
  { args, flags, examples }: Syntax<Flags>,
): Promise<Words | { type: "values"; values: Values<Flags>; given: ReadonlySet<string> }> {
  const refuse = (what: string) => new LabError("usage", `${what}; see ${command} --help`);
  const given = new Set(args.flatMap((arg) => /^--([^=]+)/.exec(arg)?.[1] ?? []));
  const unknown = [...given].find((name) => !Object.hasOwn({ help: "", version: "", ...flags }, name));
  if (unknown !== undefined && !given.has("help")) throw refuse(`--${unknown}: unknown option`);

  const table = Object.entries(flags).map(([name, { group, describe, default: value, switch: isSwitch }]) => {
    const option: Options = isSwitch
      ? { group, describe, boolean: true }
      : { group, describe, requiresArg: true, ...(value && { default: value, defaultDescription: value }) };
    return [name, option] as const;
  });
  const parser = yargs([...args])
    .scriptName(command)
    .usage(`${description}\n\n  ${command} [options]`)
    .options(Object.fromEntries(table))
    .epilogue(["Examples:", ...examples.map((example) => `  ${example.join("\n      ")}`)].join("\n"))
    .version(version)
    .help()
    .group(["help", "version"], "Other:")
    // With words of its own yargs does not ask the system for its language: all is in English.
    .updateStrings({
      "Show help": "print this",
      "Show version number": "print the lab's version",
      "Not enough arguments following: %s": "--%s: a value is missing",
    })
    .wrap(Math.min(80, process.stdout.columns ?? 80))
    .parserConfiguration({
      "parse-numbers": false,
      "parse-positional-numbers": false,
      "camel-case-expansion": false,
      "dot-notation": false,
      "boolean-negation": false,
      "short-option-groups": false,
    })
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      throw refuse(message ?? error?.message ?? "these words make no sense");
    });
  let words = "";
  const typed = await parser.parseAsync([...args], {}, (_error, _argv, output) => {
    words = output;
  });
  if (words !== "") return { type: "words", words };

  const { _: positional, $0: _program, help: _help, version: _version, ...values } = typed;
  const [stray] = positional;
  if (stray !== undefined) throw refuse(`${quoted(String(stray))}: only options are expected here`);
  for (const [name, value] of Object.entries(values)) {
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (flag === undefined) throw refuse(`-${name}: unknown option`);
    if (Array.isArray(value)) throw refuse(`--${name} is given twice`);
    if (value === "") throw refuse(`--${name}: a value is missing`);
    if (flag.switch && args.some((arg) => arg.startsWith(`--${name}=`))) {
      throw refuse(`--${name} takes no value`);
    }
  }
  for (const [name, flag] of Object.entries(flags)) if (flag.switch) values[name] ??= false;
  return { type: "values", values: values as Values<Flags>, given };
}

/** Any that a ZooKeeper may be configured to grant, from two of the shortest ticks to an hour. */
const ANY_TIMEOUT_MS = [20, 3_600_000] as const;

function list<Value>(flag: string, text: string, read: (part: string) => Value): Value[] {
  const values: Value[] = [];
  for (const part of text.split(",").map((part) => part.trim())) {
    if (part === "")
      throw new LabError("usage", `${flag} ${quoted(text)}: a value is missing beside a comma`);
    const value = read(part);
    if (values.includes(value)) {
      throw new LabError("usage", `${flag} ${quoted(text)}: ${part} is in the list twice; leave one out`);
    }
    values.push(value);
  }
  return values;
}

function wholeNumber(flag: string, text: string, min: number, max: number, unit = ""): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || value < min || value > max) {
    const range = `${min} to ${max} ${unit}`.trimEnd();
    throw new LabError("usage", `${flag} ${quoted(text)}: give a whole number from ${range}`);
  }
  return value;
}

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

function oneOf<Name extends string>(flag: string, names: readonly Name[]): (text: string) => Name {
  return (text) => {
    const name = names.find((known) => known === text);
    if (name === undefined)
      throw new LabError("usage", `${flag} ${quoted(text)}: choose from ${names.join(", ")}`);
    return name;
  };
}

/** ZooKeeper refuses control characters and some others in a name (its `PathUtils`). */
function isZnodeName(text: string): boolean {
  return !["", ".", ".."].includes(text) && !/[/\p{Cc}\p{Cs}\p{Co}\ufff0-\uffff]/u.test(text);
}

function znodeName(flag: string, text: string): string {
  if (isZnodeName(text)) return text;
  throw new LabError("usage", `${flag} ${quoted(text)}: a znode cannot have this name; try: election`);
}

function znodePath(flag: string, text: string): string {
  const path = text.startsWith("/") ? text : `/${text}`;
  if (path.slice(1).split("/").every(isZnodeName)) return path;
  throw new LabError("usage", `${flag} ${quoted(text)}: a znode cannot have this path; try: /candidates`);
}

/** As a person would have to type it; what would disturb a terminal is made visible. */
function quoted(text: string): string {
  return /^[\p{L}\p{N}\p{P}\p{S}]+$/u.test(text) ? text : JSON.stringify(text);
}
