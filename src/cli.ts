#!/usr/bin/env node
/** Turns arguments into work and an exit code: the only place that ends the process. */
import { relative, resolve } from "node:path";
import { showInBrowser } from "./browser.ts";
import { runClient } from "./by-hand/client.ts";
import { runWill } from "./by-hand/will.ts";
import { runZookeeper } from "./by-hand/zookeeper.ts";
import { complaint, ending } from "./ending.ts";
import { checkTarget, exportTo } from "./export/export-target.ts";
import { json } from "./export/json.ts";
import { lostHistories } from "./export/lost-histories.ts";
import { compareRuns } from "./export/run-comparison.ts";
import type { NamedFile } from "./export/separate-files.ts";
import { asTyped, inClone, version } from "./installation.ts";
import { endAtOnce, hearInterruptions } from "./interruption.ts";
import { exitCodes, gravest, LabError } from "./lab-error.ts";
import { measuredRows, protocolOf } from "./metrics/measured-timeouts.ts";
import { type AdviceOptions, parseBench, type ResumeOptions } from "./options/bench.ts";
import { parseFaults } from "./options/bench-faults.ts";
import { parseFloor } from "./options/bench-floor.ts";
import { parseFuzz } from "./options/bench-fuzz.ts";
import { parseLapses } from "./options/bench-lapses.ts";
import { parseOverhead } from "./options/bench-overhead.ts";
import { parsePeers } from "./options/bench-peers.ts";
import { parseService } from "./options/bench-service.ts";
import { parseSoak } from "./options/bench-soak.ts";
import { parseClient } from "./options/client.ts";
import { completionScript, parseCompletion } from "./options/completion.ts";
import { type ExportOptions, takesStdout } from "./options/export-flags.ts";
import type { Words } from "./options/flags.ts";
import { parseLab } from "./options/lab.ts";
import { type LiveOptions, parseLive, type ReplayOptions } from "./options/live.ts";
import { advice, nearest } from "./options/nearest.ts";
import { overview } from "./options/overview.ts";
import { parseReport, type ReportOptions } from "./options/report.ts";
import type { MeasureOptions } from "./options/run-flags.ts";
import { lateFault, schemeFiles } from "./options/scheme-file.ts";
import { scriptFiles } from "./options/script-file.ts";
import { parseServer } from "./options/server.ts";
import { parseSimulate } from "./options/simulate.ts";
import { quoted } from "./options/values.ts";
import { parseWill } from "./options/will.ts";
import { flush, print, warn, write } from "./output.ts";
import {
  checkOutputs,
  checkReport,
  filesOf,
  replayFile,
  reportFile,
  writeExports,
  writeReport,
} from "./report.ts";
import { exitCodeOf, verdictOf } from "./run/exit-code.ts";
import { type Run, runLab } from "./run/lab.ts";
import type { RunPlan } from "./run/plan.ts";
import type { Observer } from "./run/progress.ts";
import { readRun, type SavedRun } from "./run/read-run.ts";
import { adviceText } from "./terminal/advice.ts";
import { comparisonText } from "./terminal/comparison.ts";
import { paintFor } from "./terminal/format.ts";
import { type Live, liveOn, silent } from "./terminal/live.ts";
import { summary } from "./terminal/summary.ts";
import { thresholdsText } from "./terminal/thresholds.ts";

const commands = {
  lab: parseLab,
  bench: parseBench,
  live: parseLive,
  report: parseReport,
  zookeeper: parseServer,
  client: parseClient,
  will: parseWill,
  completion: parseCompletion,
} as const;
type Command = keyof typeof commands;

/** Separate programs, which only a clone has. */
const programs = [
  parseFaults,
  parseFloor,
  parseFuzz,
  parseLapses,
  parseOverhead,
  parsePeers,
  parseService,
  parseSoak,
  parseSimulate,
];

const interruption = new AbortController();
let surprise: unknown;
/** What would be left on the user's ensemble if the program ended now. */
let left: LabError | undefined;
let live: Live = silent;

function interrupt(): void {
  // This overwrites the "^C" that the terminal has written.
  if (process.stdout.isTTY) write("\r");
  live.interrupted();
  interruption.abort();
}

async function main(args: readonly string[]): Promise<number> {
  const [command = "", ...rest] = args;
  if (command === "--version") return say({ type: "words", words: version });
  if (command === "--help" || command === "-h")
    return say({ type: "words", words: overview(await helps(Object.values(commands))) });
  if (!isCommand(command)) throw new LabError("usage", unknownCommand(command));
  const options = await commands[command](rest);
  switch (options.type) {
    case "words":
      return say(options);
    case "measure":
      return measure(options);
    case "live":
      return showLive(options);
    case "replay":
      return replay(options);
    case "resume":
      return resume(options);
    case "advice":
      return advise(options);
    case "report":
      return report(options);
    case "completion":
      return say({ type: "words", words: await completion() });
    case "zookeeper":
      await runZookeeper(options, print, interruption.signal);
      return ended();
    case "client":
      await runClient(options, print, interruption.signal);
      return ended();
    case "will":
      await runWill(options, print, interruption.signal);
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
  const parsers = Object.values(commands);
  return completionScript(await helps(inClone ? [...parsers, ...programs] : parsers));
}

type Parser = (typeof commands)[Command] | (typeof programs)[number];

/** The help text of each command. */
async function helps(parsers: readonly Parser[]): Promise<string[]> {
  const answers = await Promise.all(parsers.map((parser) => parser(["--help"])));
  return answers.flatMap((answer) => (answer.type === "words" ? answer.words : []));
}

function say({ words }: Words): number {
  print(words);
  return exitCodes.fine;
}

/** Ctrl-C is the normal end of it. */
async function showLive(options: LiveOptions): Promise<number> {
  const { LiveRun } = await import("./live-server/live-run.ts");
  const run = await LiveRun.open(options);
  interruption.signal.addEventListener("abort", () => run.end());
  try {
    void run.opened.then(() => {
      // The line that changes goes on below.
      live.end();
      print(`open ${run.url}`);
      print("Ctrl-C ends it, and writes the report");
      if (options.open) void show(run.url);
    });
    return await measure(options.measure, {
      watch: [(progress) => run.watch(progress)],
      signal: run.signal,
      saved: async (saved) => {
        if (saved.histories.some(({ strikes }) => strikes.length > 0)) await writeReplay(saved);
      },
    });
  } finally {
    await run.close("The run has ended.");
  }
}

async function replay({ run, out }: ReplayOptions): Promise<number> {
  await writeReplay(await readRun(run), out);
  return exitCodes.fine;
}

async function writeReplay(run: SavedRun, out?: string): Promise<void> {
  const { replayPage } = await import("./live-server/replay.ts");
  const { path, name } = replayFile(run.folder, out);
  await checkTarget(path, name, "name another file");
  await exportTo(path, await replayPage(run), name);
  print(`recording: ${shortest(path)}`);
}

interface Watched {
  readonly watch: readonly Observer[];
  readonly signal: AbortSignal;
  /** Called with the run when all else is written. */
  saved(run: SavedRun): Promise<void>;
}

const unwatched: Watched = { watch: [], signal: interruption.signal, saved: async () => undefined };

async function measure(
  options: MeasureOptions,
  { watch: others, signal, saved: after }: Watched = unwatched,
  before?: SavedRun,
): Promise<number> {
  const { plan, compare } = options;
  // This comes first: a wrong name should be reported before the work, not after it.
  const other = compare === undefined ? undefined : await readRun(compare);
  await checkOutputs(options.exports, writtenBy(plan, before), readBy(other));
  // A user who asked for data gets data on stdout, and nothing else.
  const forData = options.json || takesStdout(options.exports);
  const stream = forData ? process.stderr : process.stdout;
  const say = (text: string) => {
    if (!forData) print(text);
    else if (!options.quiet) warn(text);
  };
  if (!options.quiet) live = liveOn(process.stderr);
  try {
    const watch: Observer = (progress) => {
      if (progress.type === "left") left = progress.left;
      live.show(progress);
    };
    const run = await runLab(plan, [watch, ...others], signal, before);
    const { result, folder, unsaved } = run;
    live.end();
    // Nobody has interrupted: the results so far are in the folder.
    if (surprise instanceof LabError) throw surprise;
    const paint = paintFor(stream);
    if (!forData) say(summary(result, paint, stream.columns));
    if (other !== undefined) {
      const compared = compareRuns(result, other.result);
      say(comparisonText(compared, shortest(other.folder), paint, stream.columns));
    }
    const checks = result.thresholds ?? [];
    for (const line of thresholdsText(checks, paint, stream.columns)) say(line);
    if (options.json) write(json(result));
    // If one output cannot be written, the others still are.
    if (unsaved !== undefined)
      return gravest(await endUnsaved(run, unsaved, options.exports), await complaint(sayLeft()));
    say(`saved in ${shortest(folder)}`);
    const saved = await readRun(folder);
    tellLost(saved);
    const exported = await complaint(...writeExports(saved, options.exports));
    const file = reportFile(folder);
    const reported = await complaint(writeReport([saved], file));
    if (reported === exitCodes.fine) {
      say(`report: ${shortest(file.path)}`);
      if (!options.open) say(`${asTyped(`yarn report ${shortest(folder)} --open`)} shows it in the browser`);
      else await show(resolve(file.path));
    }
    const recorded = await complaint(after(saved));
    const printed = await complaint(flush(`the run is saved: yarn report ${shortest(folder)} exports it`));
    if (result.run.state === "interrupted" && surprise !== undefined) throw surprise;
    const held = checks.every(({ held }) => held);
    return gravest(
      exitCodeOf(result, held),
      exported,
      reported,
      recorded,
      printed,
      await complaint(sayLeft()),
    );
  } catch (error) {
    if (surprise instanceof LabError) throw surprise;
    // It was interrupted before there was anything to keep, unless that is lost.
    const isLost = error instanceof LabError && error.code === "io";
    if (signal.aborted && surprise === undefined && !isLost) return exitCodes.interrupted;
    throw error;
  } finally {
    live.end();
    await complaint(sayLeft());
  }
}

/** The measurements can still be exported elsewhere; a report would go where nothing can be written. */
async function endUnsaved({ result, folder }: Run, why: LabError, exports: ExportOptions): Promise<number> {
  const told = await complaint(Promise.reject(why));
  const { histories } = await readRun(folder).catch(() => ({ histories: [] }));
  const run = { folder, result, histories };
  if (exports.trace !== undefined) tellLost(run);
  const exported = await complaint(...writeExports(run, exports));
  if (surprise !== undefined) throw surprise;
  const isFalse = verdictOf(result.trials) === false;
  return gravest(told, exported, isFalse ? exitCodes.falseVerdict : exitCodes.fine);
}

/**
 * Says it once.
 * @throws {LabError} if something is left on the user's ensemble
 */
async function sayLeft(): Promise<void> {
  const error = left;
  left = undefined;
  if (error !== undefined) throw error;
}

/** A run's own files, if their place is known beforehand. */
function writtenBy({ out }: RunPlan, before: SavedRun | undefined): NamedFile[] {
  if (before !== undefined) return filesOf(before.folder, "--resume");
  return out === undefined ? [] : [...filesOf(out, "--out"), reportFile(out)];
}

function readBy(other: SavedRun | undefined): NamedFile[] {
  return [
    ...schemeFiles().map((path) => ({ name: "--scheme", path })),
    ...scriptFiles().map((path) => ({ name: "--fault script:", path })),
    ...(other === undefined ? [] : filesOf(other.folder, "--compare")),
  ];
}

/** Everything is as it was, except options for this session. */
async function resume({ run, json, quiet, open }: ResumeOptions): Promise<number> {
  const before = await readRun(run);
  if (before.result.run.state === "completed")
    throw new LabError("usage", `--resume ${run}: this run is complete; start a new one, or compare with it`);
  const [command = "", ...args] = before.result.run.argv;
  if (command !== "lab" && command !== "bench")
    throw new LabError(
      "usage",
      `--resume ${run}: yarn ${command} cannot be resumed; start it again with the same options`,
    );
  const options = command === "lab" ? await parseLab(args) : await parseBench(args);
  if (options.type !== "measure") throw new LabError("usage", `--resume ${run}: nothing was measured there`);
  return measure({ ...options, json, quiet, open }, undefined, before);
}

async function advise({ targetMs, candidates, run }: AdviceOptions): Promise<number> {
  const saved = run === undefined ? undefined : (await readRun(run)).result;
  const protocol = protocolOf(saved?.trials, candidates);
  const measured = measuredRows(saved?.trials ?? [], saved?.environment.server.tickTimeMs ?? null);
  const paint = paintFor(process.stdout);
  print(adviceText({ targetMs, candidates }, protocol, measured, paint, process.stdout.columns));
  return exitCodes.fine;
}

async function report({ runs, out, exports, open }: ReportOptions): Promise<number> {
  const saved: SavedRun[] = [];
  for (const run of runs) saved.push(await readRun(run));
  for (const run of saved) tellLost(run);
  const file = reportFile(saved[0]?.folder ?? ".", out);
  const inputs = saved.flatMap(({ folder }) => filesOf(folder, `the run ${shortest(folder)}`));
  await checkOutputs(exports, [file], inputs);
  const isAsked = open || out !== undefined || Object.values(exports).every((target) => target === undefined);
  if (isAsked) await checkReport(file);
  const exported = await complaint(...saved.flatMap((run) => writeExports(run, exports)));
  const reported = await complaint(writeReport(saved, file));
  const say = takesStdout(exports) || out === "-" ? warn : print;
  if (reported === exitCodes.fine) {
    say(`wrote ${shortest(file.path)}${open || out === "-" ? "" : "; --open shows it in the browser"}`);
    if (open) await show(resolve(file.path));
  }
  // A requested export is also made from a read-only archive.
  return reported === exitCodes.io && !isAsked ? exported : gravest(exported, reported);
}

/** Nothing depends on it, so it changes no exit code. */
async function show(page: string): Promise<void> {
  const reason = await showInBrowser(page);
  if (reason !== undefined) warn(`--open: ${reason}; open ${page} in a browser yourself`);
}

function tellLost(run: SavedRun): void {
  const lost = lostHistories(run);
  if (lost !== undefined)
    warn(`${shortest(run.folder)} ${lost}; timelines and traces lack them, figures do not`);
}

/** A path as a person would type it here. */
function shortest(path: string): string {
  const from = relative(process.cwd(), path);
  return from.startsWith("..") ? path : from || ".";
}

/** Ctrl-C is the normal end of a server and a client; 130 is for a run that was cut short. */
function ended(): number {
  if (surprise !== undefined) throw surprise;
  return exitCodes.fine;
}

hearInterruptions(interrupt, () => {
  live.end();
  if (left !== undefined) warn(left.message);
  endAtOnce();
});
// Other threads have open sessions, so the process must not simply stop here.
process.on("uncaughtException", (error) => {
  surprise ??= lateFault(error) ?? error;
  // Nobody has interrupted the trials that end now.
  live.end();
  live = silent;
  interruption.abort();
});

process.exit(await ending(main(process.argv.slice(2))));
