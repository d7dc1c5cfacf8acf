/**
 * A result as a tidy table: one row for each failover, including its trial's conditions, so that a spreadsheet
 * or a data frame can group by any of them. Unknown values are empty.
 */
import { stringify } from "csv-stringify/sync";
import { axisNames } from "../history/conditions.ts";
import { type Failover, failoverFigures, figureNames } from "../metrics/figures.ts";
import { partsOf } from "../shape.ts";
import type { Result, TrialResult } from "./result.ts";

type Cell = string | number | null;

interface Column {
  readonly title: string;
  cell(trial: TrialResult, failover: Failover): Cell;
}

const trialColumns = (["trial", "scheme", ...axisNames, "counter"] as const).map(
  (name): Column => ({ title: name, cell: (trial) => trial[name] }),
);

/** A figure with parts has a column for each of them. */
const figureColumns = figureNames.flatMap((name): Column[] => {
  const parts = partsOf(failoverFigures[name].shape);
  if (parts.length === 0) return [{ title: name, cell: (_, failover) => failover[name] as Cell }];
  return parts.map((part) => ({
    title: `${name}.${part}`,
    cell: (_, failover) => (failover[name] as Readonly<Record<string, Cell>> | null)?.[part] ?? null,
  }));
});

const outlier: Column = {
  title: "outlier",
  cell: ({ summary }, { failover }) => String(summary.outliers.includes(failover)),
};

const isServer = ({ title }: Column) => title.startsWith("server.");

const columns = [
  ...trialColumns,
  ...figureColumns.filter((column) => !isServer(column)),
  outlier,
  ...figureColumns.filter(isServer),
];

/** Has a header, and a newline at its end. */
export function csv({ trials }: Result): string {
  const rows = trials.flatMap((trial) =>
    trial.failovers.map((failover) => columns.map(({ cell }) => finite(cell(trial, failover)))),
  );
  // A scheme may have any name: none may become a formula in a spreadsheet.
  return stringify([columns.map(({ title }) => title), ...rows], { escape_formulas: true });
}

function finite(cell: Cell): Cell {
  return typeof cell === "number" && !Number.isFinite(cell) ? null : cell;
}
