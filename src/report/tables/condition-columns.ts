/** Columns for the conditions of the rows' trials: all of them, except those that go without saying. */
import { type AxisName, axes, type Conditions, spokenOf } from "../../history/conditions.ts";
import type { Column } from "../table.ts";
import { count } from "../wording.ts";

/** @param but an axis that is no condition of these rows */
export function conditionColumns<Row>(
  rows: readonly Row[],
  conditionsOf: (row: Row) => Partial<Conditions>,
  but?: AxisName,
): Column<Row>[] {
  return spokenOf(rows.map(conditionsOf))
    .filter((name) => name !== but)
    .map((name): Column<Row> => {
      const { title, unit, range } = axes[name];
      return {
        title: unit === null ? title : `${title}, ${unit}`,
        ...(range !== null && { is: "figure" }),
        cell: (row) => {
          const value = conditionsOf(row)[name];
          return typeof value === "number" ? count(value) : (value ?? "");
        },
      };
    });
}
