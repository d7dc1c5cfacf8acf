/** A report is made from what a run's folder holds, and from nothing else: now, or years later. */
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { csv } from "./export/csv.ts";
import { checkTarget, exportTo } from "./export/exports.ts";
import { json } from "./export/json.ts";
import { markdown } from "./export/markdown.ts";
import type { SavedRun } from "./export/read-run.ts";
import { trace } from "./export/trace.ts";
import type { ExportOptions } from "./options/export-flags.ts";

/**
 * Writes the report of one run, or of several side by side.
 * @param to without it, `report.html` in the first run's folder
 * @returns the file
 * @throws {LabError} `usage`, when the file cannot be written
 */
export async function writeReport(runs: readonly SavedRun[], to?: string): Promise<string> {
  // The charts are heavy: only who draws them loads them.
  const { reportPage } = await import("./export/html/page.ts");
  const html = await reportPage(
    runs.map(({ folder, result, histories }) => ({ name: basename(folder), result, histories })),
  );
  const [first] = runs;
  const file = to ?? join(first?.folder ?? ".", "report.html");
  if (to === undefined) await writeFile(file, html);
  else await exportTo(file, html, "--out");
  return file;
}

/** @throws {LabError} `usage`, naming the flag whose file could not be written */
export async function checkExports(targets: ExportOptions): Promise<void> {
  for (const [format, target] of Object.entries(targets)) {
    if (target !== undefined) await checkTarget(target, `--export-${format}`);
  }
}

/** @throws {LabError} `usage`, naming the flag whose file cannot be written */
export async function writeExports(run: SavedRun, targets: ExportOptions): Promise<void> {
  const { result, histories } = run;
  const writers = {
    csv: () => csv(result),
    markdown: () => markdown(result),
    json: () => json(result),
    trace: () => trace(histories),
  } as const satisfies Record<keyof ExportOptions, () => string>;
  for (const [format, target] of Object.entries(targets)) {
    if (target !== undefined)
      await exportTo(target, writers[format as keyof ExportOptions](), `--export-${format}`);
  }
}
