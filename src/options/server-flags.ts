/** Options that all commands which run a server share. */
import { DEFAULT_VERSION } from "../ensemble/distribution.ts";
import type { LocalServers } from "../ensemble/local-members.ts";
import { LabError } from "../lab-error.ts";
import type { Flag, Values } from "./flags.ts";
import { quoted } from "./values.ts";

export const serverFlags = {
  "server-flags": {
    group: "ZooKeeper:",
    dashes: true,
    describe: "options for the servers' JVM, after the lab's own: '-Xmx512m -XX:+UseG1GC'",
  },
  "zoo-cfg": {
    group: "ZooKeeper:",
    repeats: true,
    describe: "a setting for each server's zoo.cfg: key=value, such as snapCount=1000",
  },
  "zookeeper-home": {
    group: "ZooKeeper:",
    describe: "folder of a ZooKeeper release to run; without it, the one that ./scripts/setup found",
  },
  "zookeeper-version": {
    group: "ZooKeeper:",
    describe: "version to run, as ./scripts/setup --zookeeper-version fetched it",
  },
} as const satisfies Record<string, Flag>;

type ServerOptions = Required<
  Pick<LocalServers, "zookeeperHome" | "zookeeperVersion" | "jvmOptions" | "zooCfg">
>;

/** @throws {LabError} `usage` */
export function serverOptions(values: Values<typeof serverFlags>): ServerOptions {
  const flags = values["server-flags"];
  return {
    zookeeperHome: values["zookeeper-home"],
    zookeeperVersion: zookeeperVersion(values["zookeeper-version"]),
    jvmOptions: flags === undefined ? [] : jvmOptions(flags),
    zooCfg: zooCfg(values["zoo-cfg"]),
  };
}

function zookeeperVersion(text: string | undefined): string | undefined {
  if (text === undefined || /^\d+\.\d+\.\d+/.test(text)) return text;
  throw new LabError("usage", `--zookeeper-version ${quoted(text)}: give one such as ${DEFAULT_VERSION}`);
}

/** A word, of which parts may be in quotes. */
const WORD = /(?:[^\s'"]|'[^']*'|"[^"]*")+/g;
const QUOTES = /'([^']*)'|"([^"]*)"/g;

/** What Java runs is the lab's choice. */
const PROGRAM = /^(-cp|-classpath|--class-path|-jar|-m|--module)(=|$)/;

/** Splits at blanks, except inside single or double quotes; there are no escapes. */
function jvmOptions(text: string): string[] {
  const refuse = (what: string) => new LabError("usage", `--server-flags ${quoted(text)}: ${what}`);
  if (text.replace(WORD, "").trim() !== "") throw refuse("a quote is not closed");
  const words = (text.match(WORD) ?? []).map((word) =>
    word.replace(QUOTES, (_, single?: string, double?: string) => single ?? double ?? ""),
  );
  for (const word of words) {
    if (!/^-./.test(word)) throw refuse(`an option of Java begins with -, and ${quoted(word)} does not`);
    if (PROGRAM.test(word)) throw refuse(`the lab itself says what Java runs; leave ${word} out`);
  }
  return words;
}

const THEIRS = "the lab lists the servers itself; give --servers 3 or 5";
const WHERE = "the lab says where a server listens; leave it out";
const DATA = "each server's data has a folder of its own; leave it out";

/** Settings that the lab needs to make itself, and why, or what to do instead. */
const taken: Readonly<Record<string, string>> = {
  dataDir: DATA,
  dataLogDir: DATA,
  clientPort: WHERE,
  clientPortAddress: WHERE,
  dynamicConfigFile: THEIRS,
  "4lw.commands.whitelist": "the lab reads the servers' counts and roles with these commands; leave it out",
  tickTime: "lab and bench have --tick-time for it",
  forceSync: "lab and bench have --no-fsync for it",
};

/** A name that means itself in a properties file. */
const KEY = /^[\w.-]+$/;

function zooCfg(texts: readonly string[]): Readonly<Record<string, string>> {
  const settings = new Map<string, string>();
  for (const text of texts) {
    const refuse = (what: string) => new LabError("usage", `--zoo-cfg ${quoted(text)}: ${what}`);
    const [, key = "", value = ""] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    if (!KEY.test(key) || value.trim() === "") throw refuse("give key=value, such as snapCount=1000");
    const reason = /^server\.\d+$/.test(key) ? THEIRS : Object.hasOwn(taken, key) && taken[key];
    if (reason) throw refuse(reason);
    if (settings.has(key)) throw refuse(`${key} is given twice`);
    settings.set(key, value.trim());
  }
  return Object.fromEntries(settings);
}
