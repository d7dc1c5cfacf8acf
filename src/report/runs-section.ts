/** Several runs side by side: what differs, and whether they may be compared at all. */
import { environmentDifferences } from "../export/run-comparison.ts";
import { headingOf } from "./heading.ts";
import { html, type Markup } from "./markup.ts";
import type { ReportRun } from "./report-run.ts";
import type { RunDifference } from "./run-differences.ts";
import { type Column, table } from "./table.ts";
import { comparisonColumns, comparisonRule } from "./tables/comparisons.ts";
import { conditionColumns } from "./tables/condition-columns.ts";
import { milliseconds, orNone, times } from "./wording.ts";

export function runsSection(
  runs: readonly ReportRun[],
  differences: readonly RunDifference[],
): Markup | null {
  const [base, ...others] = runs;
  if (base === undefined || others.length === 0) return null;
  const columns: readonly Column<RunDifference>[] = [
    // With two runs it is clear which is meant.
    ...(others.length > 1 ? [{ title: "run", cell: ({ run }: RunDifference) => runs[run]?.name ?? "" }] : []),
    { title: "scheme", cell: ({ trial }) => trial.scheme },
    ...conditionColumns(differences, ({ trial }) => trial),
    {
      title: "p50, ms",
      is: "figure",
      cell: ({ trial }) => orNone(trial.summary.failoverMs?.p50, milliseconds),
    },
    {
      title: `${base.name}, ms`,
      is: "figure",
      cell: ({ base }) => orNone(base.summary.failoverMs?.p50, milliseconds),
    },
    { title: "machine", is: "figure", cell: ({ machine }) => orNone(machine, times) },
    ...comparisonColumns<RunDifference>(({ comparison }) => comparison),
  ];
  const caveats = others.flatMap(({ name, result }) => {
    const differing = environmentDifferences(result.environment, base.result.environment).map(
      ({ what, nowValue, thenValue }) => `${what} (${thenValue ?? "unknown"} → ${nowValue ?? "unknown"})`,
    );
    if (differing.length === 0) return [];
    return html`<p class="warn">${name} ran in another environment than ${base.name}: ${differing.join(", ")}. A difference in figures may come from that alone.</p>`;
  });
  const same = caveats.length > 0 ? "" : " All runs had the same environment, as far as it was recorded.";
  return html`<section id="runs">${headingOf("runs", "The runs compared")}
<p>Failover time of every trial against the one with the same scheme, candidates, fault and timeout in ${base.name}: a ratio above 1 is slower than there. “machine” is what a bare write and list took beside the failovers, here by there; where it is known, the ratio is by it. ${comparisonRule}${same}</p>
${caveats}
${differences.length === 0 ? html`<p>No trial of one run was tried in ${base.name} too.</p>` : table("Runs compared", columns, differences)}</section>`;
}
