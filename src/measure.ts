/** Measures a new run, and writes what comes of it. All that it uses is loaded before anything is measured. */
import { resolve } from "node:path";
import { complaint } from "./ending.ts";
import { json } from "./export/json.ts";
import { compareRuns } from "./export/run-comparison.ts";
import type { NamedFile } from "./export/separate-files.ts";
import { asTyped } from "./installation.ts";
import { exitCodes, gravest, LabError } from "./lab-error.ts";
import { parseBench, type ResumeOptions } from "./options/bench.ts";
import { type ExportOptions, takesStdout } from "./options/export-flags.ts";
import { parseLab } from "./options/lab.ts";
import type { LiveOptions } from "./options/live.ts";
import type { MeasureOptions } from "./options/run-flags.ts";
import { schemeFiles } from "./options/scheme-file.ts";
import { scriptFiles } from "./options/script-file.ts";
import { flush, print, warn, write } from "./output.ts";
import { program } from "./program.ts";
import { checkOutputs, filesOf, loadReport, reportFile, writeExports, writeReport } from "./report.ts";
import { exitCodeOf, verdictOf } from "./run/exit-code.ts";
import { type Run, runLab } from "./run/lab.ts";
import type { RunPlan } from "./run/plan.ts";
import type { Observer } from "./run/progress.ts";
import { readRun, type SavedRun } from "./run/read-run.ts";
import { shortest, show, tellLost, writeReplay } from "./saved.ts";
import { comparisonText } from "./terminal/comparison.ts";
import { paintFor } from "./terminal/format.ts";
import { liveOn } from "./terminal/live.ts";
import { summary } from "./terminal/summary.ts";
import { thresholdsText } from "./terminal/thresholds.ts";

interface Watched {
  readonly watch: readonly Observer[];
  readonly signal: AbortSignal;
  /** Called with the run when all else is written. */
  saved(run: SavedRun): Promise<void>;
}

const unwatched: Watched = { watch: [], signal: program.interruption.signal, saved: async () => undefined };

export async function measure(
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
  if (!options.quiet) program.live = liveOn(process.stderr);
  try {
    const watch: Observer = (progress) => {
      if (progress.type === "left") program.left = progress.left;
      // Nothing is measured any more, and servers take their time to end.
      if (progress.type === "closing") void loadReport();
      program.live.show(progress);
    };
    const run = await runLab(plan, [watch, ...others], signal, before);
    const { result, folder, unsaved } = run;
    program.live.end();
    // Nobody has interrupted: the results so far are in the folder.
    if (program.surprise instanceof LabError) throw program.surprise;
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
    if (result.run.state === "interrupted" && program.surprise !== undefined) throw program.surprise;
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
    if (program.surprise instanceof LabError) throw program.surprise;
    // It was interrupted before there was anything to keep, unless that is lost.
    const isLost = error instanceof LabError && error.code === "io";
    if (signal.aborted && program.surprise === undefined && !isLost) return exitCodes.interrupted;
    throw error;
  } finally {
    program.live.end();
    await complaint(sayLeft());
  }
}

/** Ctrl-C is the normal end of it. */
export async function showLive(options: LiveOptions): Promise<number> {
  const { LiveRun } = await import("./live-server/live-run.ts");
  const run = await LiveRun.open(options);
  const { signal } = program.interruption;
  if (signal.aborted) run.end();
  signal.addEventListener("abort", () => run.end());
  try {
    void run.opened.then(() => {
      // The line that changes goes on below.
      program.live.end();
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

/** The measurements can still be exported elsewhere; a report would go where nothing can be written. */
async function endUnsaved({ result, folder }: Run, why: LabError, exports: ExportOptions): Promise<number> {
  const told = await complaint(Promise.reject(why));
  const { histories } = await readRun(folder).catch(() => ({ histories: [] }));
  const run = { folder, result, histories };
  if (exports.trace !== undefined) tellLost(run);
  const exported = await complaint(...writeExports(run, exports));
  if (program.surprise !== undefined) throw program.surprise;
  const isFalse = verdictOf(result.trials) === false;
  return gravest(told, exported, isFalse ? exitCodes.falseVerdict : exitCodes.fine);
}

/**
 * Says it once.
 * @throws {LabError} if something is left on the user's ensemble
 */
async function sayLeft(): Promise<void> {
  const error = program.left;
  program.left = undefined;
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
export async function resume({ run, json, quiet, open }: ResumeOptions): Promise<number> {
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
