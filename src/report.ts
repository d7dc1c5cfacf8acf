/** Makes a report from a run's folder, and nothing else: now, or years later. */
import { basename, join } from "node:path";
import { csv } from "./export/csv.ts";
import { checkTarget, exportTo } from "./export/export-target.ts";
import { json } from "./export/json.ts";
import { markdown } from "./export/markdown.ts";
import { checkSeparate, type NamedFile } from "./export/separate-files.ts";
import { trace } from "./export/trace.ts";
import type { ExportFormat, ExportOptions } from "./options/export-flags.ts";
import type { ReportRun } from "./report/report-run.ts";
import type { SavedRun } from "./run/read-run.ts";
import { HISTORY, REPLAY, REPORT, RESULT } from "./run/run-folder.ts";

/** Loads what draws a report, which is heavy, as long as there is nothing else to do. */
export async function loadReport(): Promise<void> {
  // If it cannot be loaded, that is said when it is needed.
  await import("./report/page.ts").catch(() => undefined);
}

/**
 * Writes the report of one run, or of several side by side.
 * @throws {LabError} `io`, when the file cannot be written
 */
export async function writeReport(runs: readonly SavedRun[], file: NamedFile): Promise<void> {
  // The charts are heavy, so they are loaded on demand.
  const { reportPage } = await import("./report/page.ts");
  await exportTo(file.path, await reportPage(runs.map(reportRunOf)), file.name, ELSEWHERE);
}

function reportRunOf({ folder, result, histories }: SavedRun): ReportRun {
  return { name: basename(folder), result, histories };
}

/** @throws {LabError} `usage`, when the report cannot be written; `io` when the disk is full */
export async function checkReport({ path, name }: NamedFile): Promise<void> {
  await checkTarget(path, name, ELSEWHERE);
}

const ELSEWHERE = "yarn report RUN --out FILE writes it elsewhere";

/** The file of a report: beside the run, unless somebody names another. */
export function reportFile(folder: string, out?: string): NamedFile {
  return out === undefined ? { name: "report", path: join(folder, REPORT) } : { name: "--out", path: out };
}

/** The file of a recording: beside the run, unless somebody names another. */
export function replayFile(folder: string, out?: string): NamedFile {
  return out === undefined ? { name: "recording", path: join(folder, REPLAY) } : { name: "--out", path: out };
}

/** The files of a run. */
export function filesOf(folder: string, name: string): NamedFile[] {
  return [RESULT, HISTORY].map((file) => ({ name, path: join(folder, file) }));
}

/**
 * Checks that every file can be written, and that none overwrites anything else. Call this before the work.
 * @param others other outputs
 * @param inputs files that are read
 * @throws {LabError} `usage`, naming the flag whose file cannot be written; `io` when the disk is full
 */
export async function checkOutputs(
  targets: ExportOptions,
  others: readonly NamedFile[],
  inputs: readonly NamedFile[],
): Promise<void> {
  const exports = exportsOf(targets).map(({ name, path }) => ({ name, path }));
  const outputs = [...others, ...exports];
  // There is always output on stdout; if it is a file, nothing else may write to it.
  if (outputs.every(({ path }) => path !== "-")) outputs.unshift({ name: "stdout", path: "-" });
  await checkSeparate(outputs, inputs);
  for (const { name, path } of exports) await checkTarget(path, name);
}

/**
 * @returns promises that settle as each is written; a {@link LabError}, `io`, names the flag whose file could
 * not be
 */
export function writeExports(run: SavedRun, targets: ExportOptions): Promise<void>[] {
  const { result, histories } = run;
  const writers = {
    csv: () => csv(result),
    markdown: () => markdown(result),
    json: () => json(result),
    trace: () => trace(histories),
    svg: async () => {
      const { heroFile } = await import("./report/hero/hero-file.ts");
      return heroFile(reportRunOf(run));
    },
  } as const satisfies Record<ExportFormat, () => string | Promise<string>>;
  return exportsOf(targets).map(async ({ format, name, path }) =>
    exportTo(path, await writers[format](), name),
  );
}

function exportsOf(targets: ExportOptions): (NamedFile & { readonly format: ExportFormat })[] {
  const entries = Object.entries(targets) as [ExportFormat, string | undefined][];
  return entries.flatMap(([format, path]) =>
    path === undefined ? [] : [{ format, name: `--export-${format}`, path }],
  );
}
