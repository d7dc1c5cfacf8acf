/** A report is made from what a run's folder holds, and from nothing else: now, or years later. */
import { basename, join } from "node:path";
import { csv } from "./export/csv.ts";
import { checkTarget, exportTo } from "./export/export-target.ts";
import { json } from "./export/json.ts";
import { markdown } from "./export/markdown.ts";
import { checkSeparate, type NamedFile } from "./export/separate-files.ts";
import { trace } from "./export/trace.ts";
import type { ExportOptions } from "./options/export-flags.ts";
import type { SavedRun } from "./run/read-run.ts";
import { HISTORY, REPORT, RESULT } from "./run/run-folder.ts";

/**
 * Writes the report of one run, or of several side by side.
 * @throws {LabError} `io`, when the file cannot be written
 */
export async function writeReport(runs: readonly SavedRun[], file: NamedFile): Promise<void> {
  // The charts are heavy: only who draws them loads them.
  const { reportPage } = await import("./export/html/page.ts");
  const html = await reportPage(
    runs.map(({ folder, result, histories }) => ({ name: basename(folder), result, histories })),
  );
  await exportTo(file.path, html, file.name, ELSEWHERE);
}

/** @throws {LabError} `usage`, where the report cannot be written; `io` where the disk is full */
export async function checkReport({ path, name }: NamedFile): Promise<void> {
  await checkTarget(path, name, ELSEWHERE);
}

const ELSEWHERE = "yarn report RUN --out FILE writes it elsewhere";

/** Where a report goes: beside the run, unless somebody names a file. */
export function reportFile(folder: string, out?: string): NamedFile {
  return out === undefined ? { name: "report", path: join(folder, REPORT) } : { name: "--out", path: out };
}

/** What a run is read from. */
export function filesOf(folder: string, name: string): NamedFile[] {
  return [RESULT, HISTORY].map((file) => ({ name, path: join(folder, file) }));
}

/**
 * Whether every file can be written, and nothing is written over anything else. To be asked before the work.
 * @param others what is written besides
 * @param inputs what is read
 * @throws {LabError} `usage`, naming the flag whose file cannot be written; `io` where the disk is full
 */
export async function checkOutputs(
  targets: ExportOptions,
  others: readonly NamedFile[],
  inputs: readonly NamedFile[],
): Promise<void> {
  const exports = exportsOf(targets).map(({ name, path }) => ({ name, path }));
  const outputs = [...others, ...exports];
  // Something is always said there; where it is a file, nothing else may be in it.
  if (outputs.every(({ path }) => path !== "-")) outputs.unshift({ name: "stdout", path: "-" });
  await checkSeparate(outputs, inputs);
  for (const { name, path } of exports) await checkTarget(path, name);
}

/**
 * @returns what settles as each is written; or throws a {@link LabError}, `io`,
 * naming the flag whose file could not be
 */
export function writeExports(run: SavedRun, targets: ExportOptions): Promise<void>[] {
  const { result, histories } = run;
  const writers = {
    csv: () => csv(result),
    markdown: () => markdown(result),
    json: () => json(result),
    trace: () => trace(histories),
  } as const satisfies Record<keyof ExportOptions, () => string>;
  return exportsOf(targets).map(async ({ format, name, path }) => exportTo(path, writers[format](), name));
}

function exportsOf(targets: ExportOptions): (NamedFile & { readonly format: keyof ExportOptions })[] {
  const entries = Object.entries(targets) as [keyof ExportOptions, string | undefined][];
  return entries.flatMap(([format, path]) =>
    path === undefined ? [] : [{ format, name: `--export-${format}`, path }],
  );
}
