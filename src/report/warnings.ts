/** Reasons to trust the figures less, and what to do about them: each kind once, followed by all of them. */
import { type WarningGroup, warningGroups } from "../export/warning-groups.ts";
import { html, type Markup } from "./markup.ts";
import type { ReportRun } from "./report-run.ts";
import { type Column, folded, table } from "./table.ts";
import { conditionColumns } from "./tables/condition-columns.ts";
import { plural } from "./wording.ts";

export function warningSection(runs: readonly ReportRun[]): Markup {
  const groups = runs.flatMap(({ name, result }) =>
    warningGroups(result.trials).map((group) => ({ name, ...group })),
  );
  if (groups.length === 0) {
    return html`<section id="warnings"><h2>Warnings</h2><p>None: nothing suggests that these figures should be trusted less.</p></section>`;
  }
  const columns: readonly Column<WarningGroup & { name: string }>[] = [
    { title: "kind", cell: ({ warning }) => warning.type },
    { title: "what was seen, for example", is: "long", cell: ({ warning }) => warning.message },
    { title: "where", is: "long", cell: ({ where }) => where },
    { title: "what to do", is: "long", cell: ({ warning }) => warning.hint },
  ];
  return html`<section id="warnings"><h2>Warnings</h2>
${table("Kinds of warnings", runs.length > 1 ? [{ title: "run", cell: ({ name }) => name }, ...columns] : columns, groups)}
${everyOne(runs)}</section>`;
}

function everyOne(runs: readonly ReportRun[]): Markup {
  const rows = runs.flatMap(({ name, result }) =>
    result.trials.flatMap((trial) => trial.warnings.map((warning) => ({ name, trial, warning }))),
  );
  type Row = (typeof rows)[number];
  return folded(
    `${plural(rows.length, "warning")}, trial by trial`,
    table<Row>(
      "Warnings, trial by trial",
      [
        ...(runs.length > 1 ? [{ title: "run", cell: ({ name }: Row) => name }] : []),
        { title: "trial", is: "figure", cell: ({ trial }) => String(trial.trial) },
        { title: "scheme", cell: ({ trial }) => trial.scheme },
        ...conditionColumns(rows, ({ trial }) => trial),
        { title: "what was seen", is: "long", cell: ({ warning }) => warning.message },
        { title: "failovers", is: "long", cell: ({ warning }) => warning.failovers.join(", ") },
      ],
      rows,
    ),
  );
}
