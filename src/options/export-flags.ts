/** Flags for files to write beside a run's own folder. */
import { LabError } from "../lab-error.ts";
import type { Flag, Values } from "./flags.ts";
import { targetFile } from "./values.ts";

/** Files to write beside the run's own folder; `-` is stdout. */
export interface ExportOptions {
  readonly csv: string | undefined;
  readonly markdown: string | undefined;
  readonly json: string | undefined;
  readonly trace: string | undefined;
}

export const exportFlags = {
  "export-csv": { group: "Output:", describe: "file for a row per failover; - is stdout" },
  "export-markdown": { group: "Output:", describe: "file for a table to paste; - is stdout" },
  "export-json": { group: "Output:", describe: "file for a copy of result.json; - is stdout" },
  "export-trace": { group: "Output:", describe: "file for a trace that Perfetto opens; - is stdout" },
} as const satisfies Record<string, Flag>;

/** Whether one of the exports needs stdout for itself. */
export function takesStdout(exports: ExportOptions): boolean {
  return Object.values(exports).includes("-");
}

export function exportOptions(values: Values<typeof exportFlags>): ExportOptions {
  const exports = {
    csv: targetFile(values["export-csv"]),
    markdown: targetFile(values["export-markdown"]),
    json: targetFile(values["export-json"]),
    trace: targetFile(values["export-trace"]),
  };
  if (Object.values(exports).filter((target) => target === "-").length > 1)
    throw new LabError("usage", "only one export can go to stdout; name files for the others");
  return exports;
}
