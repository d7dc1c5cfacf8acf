/** Works from saved runs: nothing is measured for a report, a recording or advice. */
import { relative, resolve } from "node:path";
import { showInBrowser } from "./browser.ts";
import { complaint } from "./ending.ts";
import { checkTarget, exportTo } from "./export/export-target.ts";
import { lostHistories } from "./export/lost-histories.ts";
import { exitCodes, gravest } from "./lab-error.ts";
import { measuredRows, protocolOf } from "./metrics/measured-timeouts.ts";
import type { AdviceOptions } from "./options/bench.ts";
import { takesStdout } from "./options/export-flags.ts";
import type { ReplayOptions } from "./options/live.ts";
import type { ReportOptions } from "./options/report.ts";
import { print, warn } from "./output.ts";
import {
  checkOutputs,
  checkReport,
  filesOf,
  replayFile,
  reportFile,
  writeExports,
  writeReport,
} from "./report.ts";
import { readRun, type SavedRun } from "./run/read-run.ts";
import { adviceText } from "./terminal/advice.ts";
import { paintFor } from "./terminal/format.ts";

export async function replay({ run, out }: ReplayOptions): Promise<number> {
  await writeReplay(await readRun(run), out);
  return exitCodes.fine;
}

export async function writeReplay(run: SavedRun, out?: string): Promise<void> {
  const { replayPage } = await import("./live-server/replay.ts");
  const { path, name } = replayFile(run.folder, out);
  await checkTarget(path, name, "name another file");
  await exportTo(path, await replayPage(run), name);
  print(`recording: ${shortest(path)}`);
}

export async function advise({ targetMs, candidates, run }: AdviceOptions): Promise<number> {
  const saved = run === undefined ? undefined : (await readRun(run)).result;
  const protocol = protocolOf(saved?.trials, candidates);
  const measured = measuredRows(saved?.trials ?? [], saved?.environment.server.tickTimeMs ?? null);
  const paint = paintFor(process.stdout);
  print(adviceText({ targetMs, candidates }, protocol, measured, paint, process.stdout.columns));
  return exitCodes.fine;
}

export async function report({ runs, out, exports, open }: ReportOptions): Promise<number> {
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
export async function show(page: string): Promise<void> {
  const reason = await showInBrowser(page);
  if (reason !== undefined) warn(`--open: ${reason}; open ${page} in a browser yourself`);
}

export function tellLost(run: SavedRun): void {
  const lost = lostHistories(run);
  if (lost !== undefined)
    warn(`${shortest(run.folder)} ${lost}; timelines and traces lack them, figures do not`);
}

/** A path as a person would type it here. */
export function shortest(path: string): string {
  const from = relative(process.cwd(), path);
  return from.startsWith("..") ? path : from || ".";
}
