/** Columns for the conditions of a row's trial. */
import { type AxisName, axes, axisNames, type Conditions, toldOf } from "../../../history/conditions.ts";
import type { Column } from "../table.ts";
import { count } from "../wording.ts";

/** @param told the axes that have a column */
export function conditionColumns<Row>(
  conditionsOf: (row: Row) => Partial<Conditions>,
  told: readonly AxisName[] = axisNames,
): Column<Row>[] {
  return told.map((name): Column<Row> => {
    const { title, unit, range, always } = axes[name];
    return {
      ...(always === "unless-default" && {
        isNeeded: (rows: readonly Row[]) => toldOf(rows.map(conditionsOf)).includes(name),
      }),
      title: unit === null ? title : `${title}, ${unit}`,
      ...(range !== null && { is: "figure" }),
      cell: (row) => {
        const value = conditionsOf(row)[name];
        return typeof value === "number" ? count(value) : (value ?? "");
      },
    };
  });
}
