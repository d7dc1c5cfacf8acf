/** The servers' work for one failover, by their own counts: medians over the failovers of a trial. */
import { median } from "simple-statistics";
import type { TrialResult } from "../../export/result.ts";
import {
  type ServerCount,
  type ServerCountName,
  serverCountNames,
  serverCounts,
} from "../../history/server-difference.ts";
import type { Markup } from "../markup.ts";
import type { ReportRun } from "../report-run.ts";
import { type Column, table } from "../table.ts";
import { count, orNone } from "../wording.ts";
import { conditionColumns } from "./condition-columns.ts";

interface Row {
  readonly run: string;
  readonly trial: TrialResult;
}

const columnsFor = (rows: readonly Row[]): readonly Column<Row>[] => [
  { title: "scheme", cell: ({ trial }) => trial.scheme },
  ...conditionColumns(rows, ({ trial }) => trial),
  ...serverCountNames.flatMap((name): Column<Row>[] => {
    const { title }: ServerCount = serverCounts[name];
    if (title === undefined) return [];
    return [{ title, is: "figure", cell: ({ trial }) => orNone(medianCount(trial, name), count) }];
  }),
];

/** `null` if no failover of the trial has it. */
export function medianCount({ failovers }: TrialResult, name: ServerCountName): number | null {
  const values = failovers.flatMap(({ server }) => server?.[name] ?? []);
  return values.length === 0 ? null : median(values);
}

export function serverTable(runs: readonly ReportRun[]): Markup | null {
  const rows = runs.flatMap(({ name, result }) =>
    result.trials
      .filter(({ failovers }) => failovers.some(({ server }) => server !== null))
      .map((trial): Row => ({ run: name, trial })),
  );
  if (rows.length === 0) return null;
  const run: Column<Row> = { title: "run", cell: (row) => row.run };
  return table("The server’s counts", [...(runs.length > 1 ? [run] : []), ...columnsFor(rows)], rows);
}
