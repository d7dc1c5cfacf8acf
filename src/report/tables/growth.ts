/** The fitted growth of figures with the number of candidates. */

import type { SchemeGrowth } from "../../metrics/analysis.ts";
import type { Markup } from "../markup.ts";
import type { ReportRun } from "../report-run.ts";
import { type Column, table } from "../table.ts";
import { exponent, interval } from "../wording.ts";
import { conditionColumns } from "./condition-columns.ts";

interface Row {
  readonly run: string;
  readonly growth: SchemeGrowth;
}

const measures = {
  settledMs: "settled, ms",
  notifications: "notifications",
  responseBytes: "bytes answered",
} as const;

const columnsFor = (rows: readonly Row[]): readonly Column<Row>[] => [
  { title: "measure", cell: ({ growth }) => measures[growth.measure] },
  { title: "scheme", cell: ({ growth }) => growth.scheme },
  ...conditionColumns(rows, ({ growth }) => growth, "candidates"),
  { title: "grows like N to the power", is: "figure", cell: ({ growth }) => exponent(growth.exponent) },
  { title: "95 % interval", is: "figure", cell: ({ growth }) => interval(growth.interval, exponent) },
];

export function growthTable(runs: readonly ReportRun[]): Markup | null {
  const rows = runs.flatMap(({ name, result }) =>
    result.analysis.growth.map((growth): Row => ({ run: name, growth })),
  );
  if (rows.length === 0) return null;
  const run: Column<Row> = { title: "run", cell: (row) => row.run };
  return table(
    "Growth with the number of candidates",
    [...(runs.length > 1 ? [run] : []), ...columnsFor(rows)],
    rows,
  );
}
