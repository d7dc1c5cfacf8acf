/** From words to work to an exit code: the only place that ends the process. */
import { relative } from "node:path";
import { worst } from "./checkers/checker.ts";
import { json } from "./export/json.ts";
import type { Result } from "./export/result.ts";
import type { Words } from "./flags.ts";
import { runLab } from "./lab.ts";
import { exitCodes, LabError } from "./lab-error.ts";
import { type LabOptions, parseClient, parseLab, parseServer } from "./options.ts";
import { paintFor } from "./terminal/format.ts";
import { type Live, liveOn, silent } from "./terminal/live.ts";
import { summary } from "./terminal/summary.ts";
import { runClient } from "./tutorial/client.ts";
import { runZookeeper } from "./tutorial/zookeeper.ts";

const commands = { lab: parseLab, zookeeper: parseServer, client: parseClient } as const;

const interruption = new AbortController();
let surprise: unknown;
let live: Live = silent;

/** The first signal ends in order, a second one at once. The keeper clears up in either case. */
function interrupt(): void {
  if (interruption.signal.aborted) {
    live.end();
    process.kill(process.pid, "SIGKILL");
  }
  // Over the "^C" that the terminal has written.
  if (process.stdout.isTTY) process.stdout.write("\r");
  live.interrupted();
  interruption.abort();
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(args: readonly string[]): Promise<number> {
  const [command = "", ...rest] = args;
  if (!(command in commands)) throw new LabError("usage", `unknown command "${command}"; see README.md`);
  const options = await commands[command as keyof typeof commands](rest);
  switch (options.type) {
    case "words":
      return say(options);
    case "lab":
      return lab(options, args);
    case "zookeeper":
      await runZookeeper(options, print, interruption.signal);
      return ended();
    case "client":
      await runClient(options, print, interruption.signal);
      return ended();
    default:
      return options satisfies never;
  }
}

function say({ words }: Words): number {
  print(words);
  return exitCodes.fine;
}

async function lab(options: LabOptions, args: readonly string[]): Promise<number> {
  if (!options.quiet) live = liveOn(process.stderr);
  try {
    const { result, folder } = await runLab(
      options,
      args,
      (progress) => live.show(progress),
      interruption.signal,
    );
    live.end();
    const saved = `saved in ${shortest(folder)}`;
    if (options.json) {
      process.stdout.write(json(result));
      if (!options.quiet) process.stderr.write(`${saved}\n`);
    } else {
      print(summary(result, paintFor(process.stdout), process.stdout.columns));
      print(saved);
    }
    return exitCodeOf(result);
  } catch (error) {
    // Interrupted before there was anything to keep.
    if (interruption.signal.aborted && surprise === undefined) return exitCodes.interrupted;
    throw error;
  } finally {
    live.end();
  }
}

/** A path as a person would type it here. */
function shortest(path: string): string {
  const from = relative(process.cwd(), path);
  return from.startsWith("..") ? path : from;
}

function exitCodeOf({ run, trials }: Result): number {
  switch (run.state) {
    case "interrupted":
      if (surprise !== undefined) throw surprise;
      return exitCodes.interrupted;
    case "failed":
    case "completed": {
      const verdict = worst(trials.flatMap(({ verdicts }) => Object.values(verdicts)));
      if (verdict === false) return exitCodes.falseVerdict;
      if (run.state === "failed") return exitCodes.internal;
      return verdict === "unknown" ? exitCodes.unknownVerdict : exitCodes.fine;
    }
    default:
      return run.state satisfies never;
  }
}

/** Ctrl-C is how a server and a client are meant to end; 130 is for a run that was cut short. */
function ended(): number {
  if (surprise !== undefined) throw surprise;
  return exitCodes.fine;
}

/** A person is told what to do; a programmer gets the stack of what nobody expected. */
function report(error: unknown): number {
  if (error instanceof LabError) {
    process.stderr.write(`${error.message}\n`);
    return exitCodes[error.code];
  }
  process.stderr.write(`internal error: ${error instanceof Error ? error.stack : String(error)}\n`);
  return exitCodes.internal;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
// Sessions in other threads are open: nobody may just stop here.
process.on("uncaughtException", (error) => {
  surprise ??= error;
  interruption.abort();
});
// A reader that has seen enough, such as `head`, or a terminal that was closed.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

const code = await main(process.argv.slice(2)).catch(report);
// Where a pipe takes its time, the last words are still on their way.
await Promise.all(
  [process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write("", done))),
);
process.exit(code);
