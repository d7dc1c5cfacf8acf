/**
 * A result as a tidy table: one row for each failover, with its trial's conditions repeated, so that a
 * spreadsheet or a data frame can group by any of them. What is not known is empty.
 */
import { stringify } from "csv-stringify/sync";
import type { Result, TrialResult } from "./result.ts";
import { serverCountNames } from "./server-count-names.ts";

type Cell = string | number | null;

const columns = [
  "trial",
  "scheme",
  "candidates",
  "fault",
  "sessionTimeoutMs",
  "counter",
  "failover",
  "end",
  "atMs",
  "victim",
  "successor",
  "totalMs",
  "detectionMs",
  "notificationMs",
  "takeoverMs",
  "settledMs",
  "overlapMs",
  "unsafeMs",
  "staleWrites.attempted",
  "staleWrites.accepted",
  "notifications",
  "announcements",
  "reads",
  "disconnects",
  "busyMs",
  "pulseMs",
  "outlier",
  ...serverCountNames.map((name) => `server.${name}`),
];

/** With a header, and a newline at its end. */
export function csv({ trials }: Result): string {
  // A scheme may have any name: none may become a formula in a spreadsheet.
  return stringify([columns, ...trials.flatMap(rowsOf)], { escape_formulas: true });
}

function rowsOf({
  trial,
  scheme,
  candidates,
  fault,
  sessionTimeoutMs,
  counter,
  failovers,
  summary,
}: TrialResult): Cell[][] {
  return failovers.map((failover) => {
    const { server } = failover;
    const cells = [
      trial,
      scheme,
      candidates,
      fault,
      sessionTimeoutMs,
      counter,
      failover.failover,
      failover.end,
      failover.atMs,
      failover.victim,
      failover.successor,
      failover.totalMs,
      failover.detectionMs,
      failover.notificationMs,
      failover.takeoverMs,
      failover.settledMs,
      failover.overlapMs,
      failover.unsafeMs,
      failover.staleWrites?.attempted ?? null,
      failover.staleWrites?.accepted ?? null,
      failover.notifications,
      failover.announcements,
      failover.reads,
      failover.disconnects,
      failover.busyMs,
      failover.pulseMs,
      String(summary.outliers.includes(failover.failover)),
      ...serverCountNames.map((name) => server?.[name] ?? null),
    ];
    return cells.map((cell) => (typeof cell === "number" && !Number.isFinite(cell) ? null : cell));
  });
}
