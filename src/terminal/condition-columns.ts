/** Columns that say which trial a row is about: its scheme, and the conditions that deserve a column. */
import { axes, type Conditions, toldOf } from "../history/conditions.ts";
import type { Column } from "./table.ts";

export function conditionColumns<Row>(
  rows: readonly Row[],
  trialOf: (row: Row) => Conditions & { readonly scheme: string },
  scheme = "scheme",
): Column<Row>[] {
  return [
    { title: scheme, align: "left", cell: (row) => trialOf(row).scheme },
    ...toldOf(rows.map(trialOf)).map(
      (name): Column<Row> => ({
        title: axes[name].title,
        align: axes[name].range === null ? "left" : "right",
        cell: (row) => String(trialOf(row)[name]),
      }),
    ),
  ];
}
