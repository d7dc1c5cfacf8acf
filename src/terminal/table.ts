/** A table without lines between its cells, as narrow as possible. */
import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import type { Paint } from "./format.ts";

export interface Column<Row> {
  readonly title: string;
  readonly align: "left" | "right";
  cell(row: Row, paint: Paint): string;
}

/** Uses narrow gaps if wide ones would not fit. */
export function tableOf<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  paint: Paint,
  width: number,
): string {
  const wide = render(columns, rows, paint, 2);
  const fits = wide.split("\n").every((line) => stripVTControlCharacters(line).length <= width);
  return fits ? wide : render(columns, rows, paint, 1);
}

function render<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  paint: Paint,
  gap: number,
): string {
  const table = new Table({
    head: columns.map(({ title }) => paint.dim(title)),
    style: { head: [], border: [], "padding-left": 0, "padding-right": gap, compact: true },
    chars: NO_BORDERS,
    colAligns: columns.map(({ align }) => align),
  } as Table.TableConstructorOptions);
  for (const row of rows) table.push(columns.map((column) => column.cell(row, paint)));
  return table.toString().replaceAll(/ +$/gm, "");
}

/** Draws no lines between cells; the names are cli-table3's. */
const NO_BORDERS = Object.fromEntries(
  ["top", "bottom", "left", "right"]
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .concat("mid", "mid-mid", "middle")
    .map((name) => [name, ""]),
);
