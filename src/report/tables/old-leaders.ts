/**
 * What leaders that were left behind believed, could do and did beside their successors. A bar shows the
 * medians of a trial, all on one scale: how long they believed, and within that how long they could act.
 */
import type { TrialResult } from "../../export/result.ts";
import { mayLeaveLeaders } from "../../export/trial-columns.ts";
import { html, type Markup } from "../markup.ts";
import type { ReportRun } from "../report-run.ts";
import { svg, svgMarkup } from "../svg.ts";
import { type Column, table } from "../table.ts";
import { count, milliseconds, NONE, orNone } from "../wording.ts";
import { conditionColumns } from "./condition-columns.ts";

interface Row {
  readonly run: string;
  readonly trial: TrialResult;
}

const BAR = { width: 90, height: 12 } as const;

const words = { guarded: "on", unguarded: "OFF", none: NONE } as const;

/** `null` if no leader could be left behind. */
export function oldLeaderTable(runs: readonly ReportRun[]): Markup | null {
  const rows = runs.flatMap(({ name, result }) =>
    result.trials.filter(mayLeaveLeaders).map((trial): Row => ({ run: name, trial })),
  );
  if (rows.length === 0) return null;
  const longest = Math.max(
    ...rows.flatMap(({ trial: { summary } }) => [summary.overlapMs?.p50 ?? 0, summary.unsafeMs?.p50 ?? 0]),
  );
  return html`<h3>Old leaders</h3>
<p>A leader that stood still wakes beside its successor. It believes until it is told (overlap); it can act until its lease has run out or the fence knows its successor (unsafe). Times are medians but for the longest; in the bar, red is unsafe and grey the overlap, all on one scale.</p>
${table("Old leaders", columnsFor(rows, runs.length > 1, longest), rows)}`;
}

function columnsFor(rows: readonly Row[], severalRuns: boolean, longest: number): Column<Row>[] {
  const ms = (title: string, read: (trial: TrialResult) => number | undefined): Column<Row> => ({
    title,
    is: "figure",
    cell: ({ trial }) => orNone(read(trial), milliseconds),
  });
  return [
    ...(severalRuns ? [{ title: "run", cell: ({ run }: Row) => run }] : []),
    { title: "scheme", cell: ({ trial }) => trial.scheme },
    ...conditionColumns(rows, ({ trial }) => trial),
    { title: "fence", cell: ({ trial }) => words[trial.counter] },
    {
      title: "stale writes",
      is: "figure",
      cell: ({ trial }) => orNone(trial.summary.staleWrites?.attempted, count),
    },
    { title: "accepted", is: "figure", cell: ({ trial }) => accepted(trial) },
    ms("overlap, ms", ({ summary }) => summary.overlapMs?.p50),
    ms("unsafe, ms", ({ summary }) => summary.unsafeMs?.p50),
    ms("longest unsafe, ms", ({ summary }) => summary.unsafeMs?.max),
    { title: "unsafe in overlap", cell: ({ trial }) => bar(trial, longest) },
  ];
}

function accepted({ summary: { staleWrites } }: TrialResult): string | Markup {
  if (staleWrites === null) return NONE;
  return staleWrites.accepted === 0 ? "0" : html`<span class="bad">${count(staleWrites.accepted)}</span>`;
}

function bar({ summary }: TrialResult, longest: number): string | Markup {
  const { overlapMs, unsafeMs } = summary;
  if (unsafeMs === null || longest === 0) return NONE;
  const { width, height } = BAR;
  const long = (ms: number) => ((ms / longest) * width).toFixed(1);
  const rect = (ms: number, fill: string, y: number, tall: number) =>
    svg("rect", { x: 0, y, width: long(ms), height: tall, style: `fill:var(--${fill})` });
  const name = `could act for ${milliseconds(unsafeMs.p50)} ms of ${orNone(overlapMs?.p50, milliseconds)} ms`;
  return svgMarkup(
    svg(
      "svg",
      { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": name },
      rect(overlapMs?.p50 ?? 0, "line", 0, height),
      rect(unsafeMs.p50, "bad", 3, height - 6),
    ),
  );
}
