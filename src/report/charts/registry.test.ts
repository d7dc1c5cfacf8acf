import { describe, expect, test } from "vitest";
import { runOf, trialOf } from "../../testing/report-run.ts";
import type { ChartRun } from "./chart.ts";
import { chartSvg } from "./chart-svg.ts";
import { charts } from "./registry.ts";
import { settling } from "./settling.ts";

const schemes = ["predecessor", "leader", "children", "heir", "./mine.ts", "./yours.ts"];

/** A trial for each scheme and number of candidates. */
function runsOf(runs: number, schemeCount: number, numbers: readonly number[]): ChartRun[] {
  const trials = schemes
    .slice(0, schemeCount)
    .flatMap((scheme, line) =>
      numbers.map((candidates) => trialOf(line + 1, scheme, candidates, line * 0.1)),
    );
  return Array.from({ length: runs }, (_, run) => runOf(`run ${run}`, trials));
}

interface Axis {
  readonly type: string;
  readonly min?: number;
  readonly max?: number;
}

/** The part of an option that shows where marks are. */
interface Option {
  readonly xAxis: readonly Axis[];
  readonly yAxis: readonly Axis[];
  readonly series: readonly {
    readonly type: string;
    readonly xAxisIndex: number;
    readonly data: readonly (readonly number[] | { readonly value: readonly number[] })[];
  }[];
}

/** Names marks that must be inside; lines may run over the edge, and bars begin at it. */
function outside(runs: readonly ChartRun[], chart: (typeof charts)[number], width: number): string[] {
  const drawing = chart.draw(runs, width);
  if (drawing === null) throw new Error(`nothing is drawn of ${chart.id}`);
  const { xAxis, yAxis, series } = drawing.option as unknown as Option;
  const within = (axis: Axis | undefined, value: number | undefined) =>
    axis?.type === "category" ||
    (value !== undefined && value >= (axis?.min ?? Infinity) && value <= (axis?.max ?? -Infinity));
  return series
    .filter(({ type }) => type === "scatter" || type === "custom")
    .flatMap(({ xAxisIndex, data }) =>
      data.flatMap((mark) => {
        const [x, y] = "value" in mark ? mark.value : mark;
        const seen = within(xAxis[xAxisIndex], x) && within(yAxis[xAxisIndex], y);
        return seen ? [] : `${x}, ${y}`;
      }),
    );
}

describe.each([
  [1, 4],
  [2, 4],
  [3, 6],
])("of %i runs with %i schemes each", (runs, schemeCount) => {
  test.each(charts.map((chart) => ({ id: chart.id, chart })))(
    "no mark of $id lies off its axes",
    ({ chart }) => {
      for (const numbers of [[50], [2, 3], [5, 50, 1000]]) {
        for (const width of [360, 920]) {
          expect(outside(runsOf(runs, schemeCount, numbers), chart, width)).toEqual([]);
        }
      }
    },
  );

  test("every failover has its dot in the drawing of who settled when", () => {
    const drawn = runsOf(runs, schemeCount, [50]);
    const svg = chartSvg(settling, drawn)?.text ?? "";
    const dots = svg.match(/<path [^>]*transform="matrix[^>]*>/g) ?? [];
    const values = drawn.flatMap(({ result }) => result.trials.flatMap(({ failovers }) => failovers));
    expect(dots).toHaveLength(values.length);
  });
});
