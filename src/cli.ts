#!/usr/bin/env node
/** Turns arguments into work and an exit code: the only place that ends the process. */
import { ending } from "./ending.ts";
import { inClone, version } from "./installation.ts";
import { endAtOnce, hearInterruptions } from "./interruption.ts";
import { exitCodes, LabError } from "./lab-error.ts";
import type { Words } from "./options/flags.ts";
import { advice, nearest } from "./options/nearest.ts";
import { overview } from "./options/overview.ts";
import { lateFault } from "./options/scheme-file.ts";
import { quoted } from "./options/values.ts";
import { print, warn, write } from "./output.ts";
import { program } from "./program.ts";
import { silent } from "./terminal/silent.ts";

/** Each loads only what its own command needs. */
const commands = {
  lab: async () => (await import("./options/lab.ts")).parseLab,
  bench: async () => (await import("./options/bench.ts")).parseBench,
  live: async () => (await import("./options/live.ts")).parseLive,
  report: async () => (await import("./options/report.ts")).parseReport,
  zookeeper: async () => (await import("./options/server.ts")).parseServer,
  client: async () => (await import("./options/client.ts")).parseClient,
  will: async () => (await import("./options/will.ts")).parseWill,
  completion: async () => (await import("./options/completion.ts")).parseCompletion,
} as const;
type Command = keyof typeof commands;

/** Separate programs, which only a clone has. */
const programs = [
  async () => (await import("./options/bench-faults.ts")).parseFaults,
  async () => (await import("./options/bench-floor.ts")).parseFloor,
  async () => (await import("./options/bench-fuzz.ts")).parseFuzz,
  async () => (await import("./options/bench-lapses.ts")).parseLapses,
  async () => (await import("./options/bench-overhead.ts")).parseOverhead,
  async () => (await import("./options/bench-peers.ts")).parsePeers,
  async () => (await import("./options/bench-service.ts")).parseService,
  async () => (await import("./options/bench-settled.ts")).parseSettled,
  async () => (await import("./options/bench-soak.ts")).parseSoak,
  async () => (await import("./options/simulate.ts")).parseSimulate,
] as const;

function interrupt(): void {
  // This overwrites the "^C" that the terminal has written.
  if (process.stdout.isTTY) write("\r");
  program.live.interrupted();
  program.interruption.abort();
}

async function main(args: readonly string[]): Promise<number> {
  const [command = "", ...rest] = args;
  if (command === "--version" || (isCommand(command) && rest.join(" ") === "--version"))
    return say({ type: "words", words: version });
  if (command === "--help" || command === "-h") return say({ type: "words", words: overview() });
  if (!isCommand(command)) throw new LabError("usage", unknownCommand(command));
  const parse = await commands[command]();
  const options = await parse(rest);
  switch (options.type) {
    case "words":
      return say(options);
    case "measure":
      return (await import("./measure.ts")).measure(options);
    case "live":
      return (await import("./measure.ts")).showLive(options);
    case "replay":
      return (await import("./saved.ts")).replay(options);
    case "resume":
      return (await import("./measure.ts")).resume(options);
    case "advice":
      return (await import("./saved.ts")).advise(options);
    case "report":
      return (await import("./saved.ts")).report(options);
    case "completion":
      return say({ type: "words", words: await completion() });
    case "zookeeper":
      await (await import("./by-hand/zookeeper.ts")).runZookeeper(
        options,
        print,
        program.interruption.signal,
      );
      return ended();
    case "client":
      await (await import("./by-hand/client.ts")).runClient(options, print, program.interruption.signal);
      return ended();
    case "will":
      await (await import("./by-hand/will.ts")).runWill(options, print, program.interruption.signal);
      return ended();
    default:
      return options satisfies never;
  }
}

function isCommand(word: string): word is Command {
  return Object.hasOwn(commands, word);
}

function unknownCommand(word: string): string {
  const names = Object.keys(commands);
  if (word === "") return `name a command: ${names.join(", ")}; see zk-election-lab --help`;
  return `${quoted(word)}: unknown command${advice(nearest(word, names), "zk-election-lab --help")}`;
}

async function completion(): Promise<string> {
  const { completionScript } = await import("./options/completion.ts");
  const all = Object.values(commands);
  return completionScript(await helps(inClone ? [...all, ...programs] : all));
}

type Loader = (typeof commands)[Command] | (typeof programs)[number];

/** The help text of each command. */
async function helps(loaders: readonly Loader[]): Promise<string[]> {
  const answers = await Promise.all(
    loaders.map(async (load) => {
      const parse = await load();
      return parse(["--help"]);
    }),
  );
  return answers.flatMap((answer) => (answer.type === "words" ? answer.words : []));
}

function say({ words }: Words): number {
  print(words);
  return exitCodes.fine;
}

/** Ctrl-C is the normal end of a server and a client; 130 is for a run that was cut short. */
function ended(): number {
  if (program.surprise !== undefined) throw program.surprise;
  return exitCodes.fine;
}

hearInterruptions(interrupt, () => {
  program.live.end();
  if (program.left !== undefined) warn(program.left.message);
  endAtOnce();
});
// Other threads have open sessions, so the process must not simply stop here.
process.on("uncaughtException", (error) => {
  program.surprise ??= lateFault(error) ?? error;
  // Nobody has interrupted the trials that end now.
  program.live.end();
  program.live = silent;
  program.interruption.abort();
});

process.exit(await ending(main(process.argv.slice(2))));
