/** Other implementations beside ours: a row for each, whatever was done to it. */
import { implementationColumns } from "../../export/implementations.ts";
import type { TrialResult } from "../../export/result.ts";
import { html, type Markup } from "../markup.ts";
import type { ReportRun } from "../report-run.ts";
import { type Column, table } from "../table.ts";

interface Row {
  readonly name: string;
  readonly own: readonly TrialResult[];
}

/** `null` if no run has another implementation. */
export function implementationTable(runs: readonly ReportRun[]): Markup | null {
  const tables = runs.flatMap(({ name, result: { trials } }) => {
    if (!trials.some(({ host }) => host === "program")) return [];
    return html`${runs.length > 1 ? html`<h4>${name}</h4>` : null}${tableOf(trials)}`;
  });
  if (tables.length === 0) return null;
  return html`<h3>Implementations</h3>
<p>Medians in ms. What leads, and when, is each program's own word; what it watches, is told and reads is seen from its packets. Old leaders are shown at their longest: how long one believed beside its successor, and within that how long it could act.</p>
${tables}`;
}

function tableOf(trials: readonly TrialResult[]): Markup {
  const names = [...new Set(trials.map(nameOf))];
  const rows = names.map((name): Row => ({ name, own: trials.filter((trial) => nameOf(trial) === name) }));
  const columns = implementationColumns(trials).map(
    ({ title, text }): Column<Row> => ({
      title,
      is: title === "verdicts" ? "long" : "figure",
      cell: ({ own }) => text(own),
    }),
  );
  return table("Implementations", [{ title: "implementation", cell: ({ name }) => name }, ...columns], rows);
}

/** Programs have names of their own; ours differ in what they live in. */
function nameOf({ scheme, host }: TrialResult): string {
  return host === "program" ? scheme : `${scheme}, ${host}`;
}
