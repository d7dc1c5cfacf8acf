/** What makes figures less worth than they look, and what to do about it. */
import { html, type Markup } from "./markup.ts";
import type { ReportRun } from "./report-run.ts";
import { table } from "./table.ts";
import { count } from "./wording.ts";

export function warningSection(runs: readonly ReportRun[]): Markup {
  const rows = runs.flatMap(({ name, result }) =>
    result.trials.flatMap((trial) => trial.warnings.map((warning) => ({ name, trial, warning }))),
  );
  type Row = (typeof rows)[number];
  if (rows.length === 0) {
    return html`<section id="warnings"><h2>Warnings</h2><p>None: nothing was seen that makes these figures less worth.</p></section>`;
  }
  return html`<section id="warnings"><h2>Warnings</h2>
${table<Row>(
  "Warnings",
  [
    ...(runs.length > 1 ? [{ title: "run", cell: ({ name }: Row) => name }] : []),
    { title: "trial", is: "figure", cell: ({ trial }) => String(trial.trial) },
    { title: "scheme", cell: ({ trial }) => trial.scheme },
    { title: "N", is: "figure", cell: ({ trial }) => count(trial.candidates) },
    { title: "fault", cell: ({ trial }) => trial.fault },
    { title: "what was seen", is: "long", cell: ({ warning }) => warning.message },
    { title: "failovers", is: "long", cell: ({ warning }) => warning.failovers.join(", ") },
    { title: "what to do", is: "long", cell: ({ warning }) => warning.hint },
  ],
  rows,
)}</section>`;
}
