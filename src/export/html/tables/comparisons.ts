/** Schemes compared under the same conditions. */
import type { SchemeComparison } from "../../../metrics/analysis.ts";
import type { Comparison } from "../../../metrics/comparison.ts";
import { html, type Markup } from "../markup.ts";
import type { ReportRun } from "../report-run.ts";
import { type Column, table } from "../table.ts";
import { count, interval, pValue, ratio } from "../wording.ts";

interface Row {
  readonly run: string;
  readonly comparison: SchemeComparison;
}

const measures = { failoverMs: "failover", settledMs: "settled" } as const;

/** The columns that every comparison of two samples has. */
export function comparisonColumns<Row>(of: (row: Row) => Comparison): Column<Row>[] {
  return [
    { title: "ratio", is: "figure", cell: (row) => ratio(of(row).ratio) },
    { title: "95 % interval", is: "figure", cell: (row) => interval(of(row).interval, ratio) },
    { title: "p value", is: "figure", cell: (row) => pValue(of(row).pValue) },
    { title: "conclusion", cell: (row) => of(row).conclusion },
  ];
}

const columns: readonly Column<Row>[] = [
  { title: "scheme", cell: ({ comparison }) => comparison.scheme },
  { title: "against", cell: ({ comparison }) => comparison.baseline },
  { title: "measure", cell: ({ comparison }) => measures[comparison.measure] },
  { title: "N", is: "figure", cell: ({ comparison }) => count(comparison.candidates) },
  { title: "fault", cell: ({ comparison }) => comparison.fault },
  { title: "timeout, ms", is: "figure", cell: ({ comparison }) => count(comparison.sessionTimeoutMs) },
  ...comparisonColumns<Row>(({ comparison }) => comparison),
];

export function comparisonTable(runs: readonly ReportRun[]): Markup | null {
  const rows = runs.flatMap(({ name, result }) =>
    result.analysis.comparisons.map((comparison): Row => ({ run: name, comparison })),
  );
  if (rows.length === 0) return null;
  const run: Column<Row> = { title: "run", cell: (row) => row.run };
  return html`<h3>Schemes compared</h3>
<p class="about">The ratio of two medians: above 1, the scheme is slower than the one that it stands against. Where the interval spans 1, no difference is shown. The p value is that of the two-sided Mann–Whitney test.</p>
${table("Schemes compared", [...(runs.length > 1 ? [run] : []), ...columns], rows)}`;
}
