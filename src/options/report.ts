/** `yarn report`: works from saved runs alone. */
import { asTyped } from "../installation.ts";
import { LabError } from "../lab-error.ts";
import { commands } from "./commands.ts";
import { type ExportOptions, exportFlags, exportOptions, openFlag } from "./export-flags.ts";
import { parse, type Words } from "./flags.ts";
import { targetFile } from "./values.ts";

export interface ReportOptions {
  readonly type: "report";
  readonly runs: readonly string[];
  readonly out: string | undefined;
  readonly exports: ExportOptions;
  readonly open: boolean;
}

/** @throws {LabError} `usage` */
export async function parseReport(args: readonly string[]): Promise<ReportOptions | Words> {
  const parsed = await parse(commands.report.line, commands.report.about, {
    args,
    flags: {
      out: { group: "Output:", describe: "file; without it, report.html in the run's own folder" },
      ...exportFlags,
      ...openFlag,
    },
    examples: [
      ["yarn report runs/2026-01-31T12-00-00-000Z-bench --open", "again, from its files, to look at it"],
      ["yarn report runs/before runs/after --out compared.html", "what has changed?"],
    ],
    operands: commands.report.operands,
  });
  if (parsed.type === "words") return parsed;
  const { values, given, operands: runs } = parsed;
  if (runs.length === 0) throw refused("name the folder of a run, as in runs/…");
  if (runs.length > 1 && values.out === undefined)
    throw refused("give --out FILE for the report of several runs");
  if (runs.length > 1 && Object.keys(exportFlags).some((flag) => given.has(flag)))
    throw refused("exports are for one run; name only one");
  const out = targetFile(values.out);
  if (values.open && out === "-")
    throw refused("--open shows a file, and --out - writes to stdout; leave one of them out");
  return { type: "report", runs, out, exports: exportOptions(values), open: values.open };
}

function refused(what: string): LabError {
  return new LabError("usage", `${asTyped("yarn report")}: ${what}`);
}
