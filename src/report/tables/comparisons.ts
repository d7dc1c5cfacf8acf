/** Schemes compared under the same conditions. */
import type { SchemeComparison, Uncompared } from "../../metrics/analysis.ts";
import { FEWEST_VALUES } from "../../metrics/bootstrap.ts";
import { agreeingPValue, type Comparison, isCompared, type TooFew } from "../../metrics/comparison.ts";
import { html, type Markup } from "../markup.ts";
import type { ReportRun } from "../report-run.ts";
import { type Column, table } from "../table.ts";
import { fineRatio, interval, NONE, orNone, pValue } from "../wording.ts";
import { conditionColumns } from "./condition-columns.ts";

interface Row {
  readonly run: string;
  readonly comparison: SchemeComparison | Uncompared;
}

const measures = { failoverMs: "failover", settledMs: "settled" } as const;

/** The columns that every comparison of two samples has. */
export function comparisonColumns<Row>(of: (row: Row) => Comparison | TooFew): Column<Row>[] {
  const figure = (title: string, text: (comparison: Comparison) => string): Column<Row> => ({
    title,
    is: "figure",
    cell: (row) => {
      const one = of(row);
      return isCompared(one) ? text(one) : NONE;
    },
  });
  return [
    figure("ratio", (one) => fineRatio(one.ratio)),
    figure("95 % interval", (one) => interval(one.interval, fineRatio)),
    figure("p value", (one) => orNone(agreeingPValue(one), pValue)),
    {
      title: "conclusion",
      cell: (row) => {
        const one = of(row);
        return isCompared(one) ? one.conclusion : `too few failovers: ${one.n} and ${one.baselineN}`;
      },
    },
  ];
}

/** How to read the tables of comparisons. */
export const comparisonRule = `If the interval excludes 1 and the two-sided Mann–Whitney test has a p value below 0.05, a difference is shown; a p value that contradicts the interval is left out. It takes ${FEWEST_VALUES} failovers of each to compare.`;

const columnsFor = (rows: readonly Row[]): readonly Column<Row>[] => [
  { title: "scheme", cell: ({ comparison }) => comparison.scheme },
  { title: "against", cell: ({ comparison }) => comparison.baseline },
  { title: "measure", cell: ({ comparison }) => measures[comparison.measure] },
  ...conditionColumns(rows, ({ comparison }) => comparison),
  ...comparisonColumns<Row>(({ comparison }) => comparison),
];

export function comparisonTable(runs: readonly ReportRun[]): Markup | null {
  const rows = runs.flatMap(({ name, result }) =>
    [...result.analysis.comparisons, ...result.analysis.uncompared].map(
      (comparison): Row => ({ run: name, comparison }),
    ),
  );
  if (rows.length === 0) return null;
  const run: Column<Row> = { title: "run", cell: (row) => row.run };
  return html`<h3>Schemes compared</h3>
<p class="about">The ratio of two medians: above 1, the scheme is slower than the one that it stands against. ${comparisonRule}</p>
${table("Schemes compared", [...(runs.length > 1 ? [run] : []), ...columnsFor(rows)], rows)}`;
}
