/** A row for each trial: the figures behind the charts. */
import { type Verdict, worst } from "../../checkers/checker.ts";
import { leadersText } from "../../export/ensemble-text.ts";
import type { TrialResult } from "../../export/result.ts";
import { columnTitle, figureText, type TrialColumnName } from "../../export/trial-columns.ts";
import { medianInterval } from "../../metrics/statistics.ts";
import { html, type Markup } from "../markup.ts";
import type { ReportRun } from "../report-run.ts";
import { type Column, table } from "../table.ts";
import { count, interval, milliseconds, NONE } from "../wording.ts";
import { conditionColumns } from "./condition-columns.ts";

interface Row {
  readonly run: string;
  readonly trial: TrialResult;
}

export function trialTable(runs: readonly ReportRun[]): Markup {
  const rows = runs.flatMap(({ name, result }) => result.trials.map((trial): Row => ({ run: name, trial })));
  return table("Trials", [...(runs.length > 1 ? [runColumn] : []), ...columnsFor(rows)], rows);
}

const runColumn: Column<Row> = { title: "run", cell: ({ run }) => run };

const figure = (name: TrialColumnName, title = columnTitle(name)): Column<Row> => ({
  title,
  is: "figure",
  cell: ({ trial }) => figureText(name, trial, { milliseconds, count }),
});

const leaders: Column<Row> = {
  title: "servers’ leader",
  is: "long",
  cell: ({ trial }) => leadersText(trial.ensemble) ?? NONE,
};

const columnsFor = (rows: readonly Row[]): readonly Column<Row>[] => [
  { title: "trial", is: "figure", cell: ({ trial }) => String(trial.trial) },
  { title: "scheme", cell: ({ trial }) => trial.scheme },
  ...conditionColumns(rows, ({ trial }) => trial),
  ...(rows.some(({ trial }) => trial.ensemble !== null) ? [leaders] : []),
  { title: "n", is: "figure", cell: ({ trial }) => count(trial.summary.failoverMs?.n ?? 0) },
  figure("p50", "p50, ms"),
  {
    title: "95 % interval",
    is: "figure",
    cell: ({ trial: { summary } }) => {
      const ends = summary.failoverMs === null ? null : medianInterval(summary.failoverMs);
      return ends === null ? NONE : interval(ends, milliseconds);
    },
  },
  ...(["p90", "p99", "max", "mad", "woken", "reads"] as const).map((name) => figure(name)),
  figure("settled", "settled p50, ms"),
  { title: "outliers", is: "figure", cell: ({ trial }) => count(trial.summary.outliers.length) },
  { title: "verdicts", cell: ({ trial }) => verdictWord(worst(Object.values(trial.verdicts))) },
  {
    title: "state",
    cell: ({ trial }) => (trial.reason === undefined ? trial.state : `${trial.state}, ${trial.reason}`),
  },
];

function verdictWord(valid: Verdict["valid"]): Markup {
  switch (valid) {
    case true:
      return html`<span class="good">all valid</span>`;
    case false:
      return html`<span class="bad">FALSE</span>`;
    case "unknown":
      return html`<span class="warn">unknown</span>`;
    default:
      return valid satisfies never;
  }
}
