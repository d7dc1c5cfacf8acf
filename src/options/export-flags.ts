/** Flags for files to write beside a run's own folder, and for looking at its report. */
import { LabError } from "../lab-error.ts";
import type { Flag, Values } from "./flags.ts";
import { targetFile } from "./values.ts";

/** The formats, and what a file has. */
const formats = {
  csv: "a row per failover",
  markdown: "a table to paste",
  json: "a copy of result.json",
  trace: "a trace that Perfetto opens",
  svg: "a picture of one failover under each scheme",
} as const;

export type ExportFormat = keyof typeof formats;

/** Files to write beside the run's own folder; `-` is stdout. */
export type ExportOptions = Readonly<Record<ExportFormat, string | undefined>>;

type ExportFlag = `export-${ExportFormat}`;

const names = Object.keys(formats) as ExportFormat[];

export const exportFlags = Object.fromEntries(
  names.map((name): [ExportFlag, Flag] => [
    `export-${name}`,
    { group: "Output:", describe: `file for ${formats[name]}; - is stdout` },
  ]),
) as Readonly<Record<ExportFlag, { readonly group: string; readonly describe: string }>>;

export const openFlag = {
  open: { group: "Output:", switch: true, describe: "show the report in the browser" },
} as const satisfies Record<string, Flag>;

/** Whether one of the exports needs stdout for itself. */
export function takesStdout(exports: ExportOptions): boolean {
  return Object.values(exports).includes("-");
}

export function exportOptions(values: Values<typeof exportFlags>): ExportOptions {
  const exports = names.map((name) => [name, targetFile(values[`export-${name}`])] as const);
  if (exports.filter(([, target]) => target === "-").length > 1)
    throw new LabError("usage", "only one export can go to stdout; name files for the others");
  return Object.fromEntries(exports) as ExportOptions;
}
