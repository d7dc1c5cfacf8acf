/** Reasons to trust the figures less, and what to do about them: each kind once, followed by all of them. */
import { type WarningGroup, warningGroups } from "../export/warning-groups.ts";
import { failoverIn } from "./address.ts";
import { headingOf } from "./heading.ts";
import { html, type Markup } from "./markup.ts";
import type { ReportRun } from "./report-run.ts";
import { type Column, folded, table } from "./table.ts";
import { conditionColumns } from "./tables/condition-columns.ts";
import { plural } from "./wording.ts";

/** More kinds are folded. */
const FEW = 6;

interface Row extends WarningGroup {
  readonly name: string;
}

export function warningSection(runs: readonly ReportRun[]): Markup {
  const groups = runs.flatMap(({ name, result }) =>
    warningGroups(result.trials).map((group): Row => ({ name, ...group })),
  );
  const heading = headingOf("warnings", "Warnings");
  if (groups.length === 0) {
    return html`<section id="warnings">${heading}<p>None: nothing suggests that these figures should be trusted less.</p></section>`;
  }
  const [shown, more] = [groups.slice(0, FEW), groups.slice(FEW)];
  const columns = columnsFor(runs.length > 1);
  return html`<section id="warnings">${heading}
${table("Kinds of warnings", columns, shown)}
${more.length === 0 ? null : folded(`${plural(more.length, "more kind")}`, table("More kinds of warnings", columns, more))}
${everyOne(runs)}</section>`;
}

/** A line for the head: the worst that was seen. */
export function qualityLine(runs: readonly ReportRun[]): Markup {
  const [worst, ...others] = warningGroups(runs.flatMap(({ result }) => result.trials));
  if (worst === undefined) return html`<span class="good">No warnings.</span>`;
  const more = others.length === 0 ? "" : `, and ${plural(others.length, "more kind")} of warning`;
  return html`<a class="warn" href="#warnings">Quality: ${worst.warning.message}${more}.</a>`;
}

function columnsFor(severalRuns: boolean): Column<Row>[] {
  return [
    ...(severalRuns ? [{ title: "run", cell: ({ name }: Row) => name }] : []),
    { title: "kind", cell: ({ warning }) => warning.type },
    { title: "what was seen, for example", is: "long", cell: ({ warning }) => warning.message },
    { title: "where", is: "long", cell: ({ where }) => where },
    { title: "what to do", is: "long", cell: ({ warning }) => warning.hint },
  ];
}

function everyOne(runs: readonly ReportRun[]): Markup {
  const rows = runs.flatMap(({ name, result }, run) =>
    result.trials.flatMap((trial) => trial.warnings.map((warning) => ({ name, run, trial, warning }))),
  );
  type Row = (typeof rows)[number];
  const links = ({ run, trial: { trial }, warning }: Row) =>
    html`${warning.failovers.map((failover, index) => [
      index === 0 ? "" : ", ",
      html`<a href="${failoverIn({ run, trial }, failover)}">${failover}</a>`,
    ])}`;
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
        { title: "failovers", is: "long", cell: links },
      ],
      rows,
    ),
  );
}
