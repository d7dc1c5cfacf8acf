#!/usr/bin/env node
/** From words to work to an exit code: the only place that ends the process. */
import { relative } from "node:path";
import { worst } from "./checkers/checker.ts";
import { json } from "./export/json.ts";
import { readRun, type SavedRun } from "./export/read-run.ts";
import type { Result } from "./export/result.ts";
import { compareRuns } from "./export/run-comparison.ts";
import { runLab } from "./lab.ts";
import { exitCodes, LabError } from "./lab-error.ts";
import { measuredProtocolMs, measuredRows } from "./metrics/measured-plan.ts";
import { checkThreshold } from "./metrics/threshold-check.ts";
import { type BenchOptions, type PlanOptions, parseBench, type ResumeOptions } from "./options/bench.ts";
import { parseClient } from "./options/client.ts";
import { takesStdout } from "./options/export-flags.ts";
import type { Words } from "./options/flags.ts";
import { type LabOptions, parseLab } from "./options/lab.ts";
import { parseReport, type ReportOptions } from "./options/report.ts";
import { parseServer } from "./options/server.ts";
import { checkExports, writeExports, writeReport } from "./report.ts";
import { comparisonText } from "./terminal/comparison.ts";
import { paintFor } from "./terminal/format.ts";
import { type Live, liveOn, silent } from "./terminal/live.ts";
import { planText } from "./terminal/plan.ts";
import { summary } from "./terminal/summary.ts";
import { thresholdsText } from "./terminal/thresholds.ts";
import { runClient } from "./tutorial/client.ts";
import { runZookeeper } from "./tutorial/zookeeper.ts";

const commands = {
  lab: parseLab,
  bench: parseBench,
  report: parseReport,
  zookeeper: parseServer,
  client: parseClient,
} as const;

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
    case "bench":
      return measure(options, args);
    case "resume":
      return resume(options);
    case "plan":
      return plan(options);
    case "report":
      return report(options);
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

async function measure(
  options: LabOptions | BenchOptions,
  args: readonly string[],
  before?: SavedRun,
): Promise<number> {
  const { thresholds, compare } = options.type === "bench" ? options : NO_JUDGING;
  // Read first: a wrong name is to be said before the work, not after it.
  const other = compare === undefined ? undefined : await readRun(compare);
  await checkExports(options.exports);
  // Whoever asked for data gets data on stdout, and nothing else.
  const forData = options.json || takesStdout(options.exports);
  const stream = forData ? process.stderr : process.stdout;
  const say = (text: string) => (forData && options.quiet) || stream.write(`${text}\n`);
  if (!options.quiet) live = liveOn(process.stderr);
  try {
    const { result, folder } = await runLab(
      options,
      args,
      (progress) => live.show(progress),
      interruption.signal,
      before,
    );
    live.end();
    const paint = paintFor(stream);
    if (!forData) say(summary(result, paint, stream.columns));
    if (other !== undefined) {
      const compared = compareRuns(result, other.result);
      say(comparisonText(compared, shortest(other.folder), paint, stream.columns));
    }
    const checks = thresholds.map((threshold) => checkThreshold(threshold, result.trials));
    for (const line of thresholdsText(checks, paint, stream.columns)) say(line);
    say(`saved in ${shortest(folder)}`);
    if (options.json) process.stdout.write(json(result));
    const saved = await readRun(folder);
    await writeExports(saved, options.exports);
    say(`report: ${shortest(await writeReport([saved]))}`);
    return exitCodeOf(
      result,
      checks.every(({ held }) => held),
    );
  } catch (error) {
    // Interrupted before there was anything to keep.
    if (interruption.signal.aborted && surprise === undefined) return exitCodes.interrupted;
    throw error;
  } finally {
    live.end();
  }
}

/** What only a bench asks for. */
const NO_JUDGING = { thresholds: [], compare: undefined } as const;

/** All but what only this time concerns is as it was. */
async function resume({ run, json, quiet }: ResumeOptions): Promise<number> {
  const before = await readRun(run);
  if (before.result.run.state === "completed")
    throw new LabError("usage", `--resume ${run}: this run is complete; start a new one, or compare with it`);
  if (before.result.run.command === "soak")
    throw new LabError("usage", `--resume ${run}: a soak does not go on; start it again with the same seed`);
  const [command, ...args] = before.result.run.argv;
  const options = command === "lab" ? await parseLab(args) : await parseBench(args);
  if (options.type !== "lab" && options.type !== "bench")
    throw new LabError("usage", `--resume ${run}: nothing was measured there`);
  return measure({ ...options, json, quiet }, before.result.run.argv, before);
}

/** For a plan without measurements: more than any scheme but a herd of hundreds needs. */
const ASSUMED_PROTOCOL_MS = 50;

async function plan({ targetMs, candidates, run }: PlanOptions): Promise<number> {
  const saved = run === undefined ? undefined : (await readRun(run)).result;
  const trials = saved?.trials ?? [];
  const protocolMs = measuredProtocolMs(trials, candidates) ?? ASSUMED_PROTOCOL_MS;
  const measured = measuredRows(trials, {
    tickTimeMs: saved?.environment.server.tickTimeMs ?? null,
    protocolMs,
  });
  const question = { targetMs, candidates, protocolMs };
  print(planText(question, measured, paintFor(process.stdout), process.stdout.columns));
  return exitCodes.fine;
}

async function report({ runs, out, exports }: ReportOptions): Promise<number> {
  const saved: SavedRun[] = [];
  for (const run of runs) saved.push(await readRun(run));
  const file = await writeReport(saved, out);
  for (const run of saved) await writeExports(run, exports);
  (takesStdout(exports) ? process.stderr : process.stdout).write(`wrote ${shortest(file)}\n`);
  return exitCodes.fine;
}

/** A path as a person would type it here. */
function shortest(path: string): string {
  const from = relative(process.cwd(), path);
  return from.startsWith("..") ? path : from;
}

/** Safety outranks speed: a missed threshold counts only where all verdicts are valid. */
function exitCodeOf({ run, trials }: Result, thresholdsHeld: boolean): number {
  switch (run.state) {
    case "interrupted":
      if (surprise !== undefined) throw surprise;
      return exitCodes.interrupted;
    case "failed":
    case "completed": {
      const verdict = worst(trials.flatMap(({ verdicts }) => Object.values(verdicts)));
      if (verdict === false) return exitCodes.falseVerdict;
      if (run.state === "failed") return failureCodeOf(trials);
      if (verdict === "unknown") return exitCodes.unknownVerdict;
      return thresholdsHeld ? exitCodes.fine : exitCodes.thresholdMissed;
    }
    default:
      return run.state satisfies never;
  }
}

/** What the ensemble has failed in is no fault of the lab. */
function failureCodeOf(trials: Result["trials"]): number {
  const failed = trials.filter(({ state }) => state === "errored");
  return failed.every(({ blame }) => blame === "ensemble") ? exitCodes.unavailable : exitCodes.internal;
}

/** Ctrl-C is how a server and a client are meant to end; 130 is for a run that was cut short. */
function ended(): number {
  if (surprise !== undefined) throw surprise;
  return exitCodes.fine;
}

/** A person is told what to do; a programmer gets the stack of what nobody expected. */
function complain(error: unknown): number {
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

const code = await main(process.argv.slice(2)).catch(complain);
// Where a pipe takes its time, the last words are still on their way.
await Promise.all(
  [process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write("", done))),
);
process.exit(code);
