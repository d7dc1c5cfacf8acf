/** A made-up failover of 2 ms, for tests of what reads failovers. */
import { type ServerDifference, serverDifference } from "../history/server-difference.ts";
import { unknownParts } from "../shape.ts";
import { type Failover, failover } from "./figures.ts";

export function sampleFailover(changes: Partial<Failover> = {}): Failover {
  return {
    ...unknownParts(failover),
    failover: 1,
    end: "settled",
    victim: 0,
    atMs: 100,
    successor: 1,
    totalMs: 2,
    detectionMs: 1,
    notificationMs: 0,
    takeoverMs: 1,
    settledMs: 2,
    overlapMs: 0,
    unsafeMs: 0,
    notifications: 1,
    reads: 1,
    busyMs: 1,
    ...changes,
  };
}

/** One for each total, numbered from 1; all have settled when the successor leads. */
export function sampleFailovers(totalsMs: readonly number[], changes: Partial<Failover> = {}): Failover[] {
  return totalsMs.map((totalMs, index) =>
    sampleFailover({ failover: index + 1, totalMs, settledMs: totalMs, ...changes }),
  );
}

/** What servers counted that tell nothing but this. */
export function sampleServer(told: Partial<ServerDifference>): ServerDifference {
  return { ...unknownParts(serverDifference), ...told };
}
