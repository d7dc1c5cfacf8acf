/** What one failover makes the servers do, by their own counts: medians over the failovers of a trial. */
import { median } from "simple-statistics";
import type { ServerDifference } from "../../../history/observations.ts";
import { toldOf } from "../../../metrics/conditions.ts";
import type { TrialResult } from "../../result.ts";
import type { Markup } from "../markup.ts";
import type { ReportRun } from "../report-run.ts";
import { type Column, table } from "../table.ts";
import { count, orNone } from "../wording.ts";
import { conditionColumns } from "./condition-columns.ts";

interface Row {
  readonly run: string;
  readonly trial: TrialResult;
}

const titles = {
  packetsSent: "packets sent",
  packetsReceived: "packets received",
  responseBytes: "bytes answered",
  watchBytes: "bytes of notifications",
  deletedWatches: "deletions notified",
  childrenWatches: "child lists notified",
  lists: "lists read",
  dataReads: "data reads",
  pings: "pings",
  readLatencyMs: "read, ms",
  updateLatencyMs: "update, ms",
  outstandingRequests: "requests waiting",
  cpuMs: "processor, ms",
  gcPauseMs: "collector’s pauses, ms",
} as const satisfies Partial<Record<keyof ServerDifference, string>>;

const columns: readonly Column<Row>[] = [
  { title: "scheme", cell: ({ trial }) => trial.scheme },
  ...conditionColumns<Row>(({ trial }) => trial, toldOf([])),
  ...(Object.keys(titles) as (keyof typeof titles)[]).map(
    (field): Column<Row> => ({
      title: titles[field],
      is: "figure",
      cell: ({ trial }) => orNone(middle(trial, field), count),
    }),
  ),
];

function middle({ failovers }: TrialResult, field: keyof ServerDifference): number | null {
  const values = failovers.flatMap(({ server }) => server?.[field] ?? []);
  return values.length === 0 ? null : median(values);
}

export function serverTable(runs: readonly ReportRun[]): Markup | null {
  const rows = runs.flatMap(({ name, result }) =>
    result.trials
      .filter(({ failovers }) => failovers.some(({ server }) => server !== null))
      .map((trial): Row => ({ run: name, trial })),
  );
  if (rows.length === 0) return null;
  const run: Column<Row> = { title: "run", cell: (row) => row.run };
  return table("The server’s counts", [...(runs.length > 1 ? [run] : []), ...columns], rows);
}
