/**
 * The servers' work for one failover, without the lab's own requests. The names are those of `result.json`, in
 * the order of their columns.
 */
import { nullable, number, type Of, object } from "../shape.ts";

export interface ServerCount {
  /** The title of the report's column; without one there is no column. */
  readonly title?: string;
  readonly meaning: string;
}

export const serverCounts = {
  packetsSent: {
    title: "packets sent",
    meaning: "Replies and notifications that the servers sent. It grows with N if all are woken.",
  },
  packetsReceived: {
    title: "packets received",
    meaning: "Requests that the servers received. Compare it with `reads` to see what else was requested.",
  },
  responseBytes: {
    title: "bytes answered",
    meaning: "Bytes of their replies. If N candidates each read a list of N, it grows with the square of N.",
  },
  watchBytes: {
    title: "bytes of notifications",
    meaning: "Bytes of their notifications. Divided by the notifications, this is the size of one.",
  },
  deletedWatches: {
    title: "deletions notified",
    meaning:
      "Notifications that a watched znode was deleted: those of the scheme, and usually one to the victim, " +
      "which watched its own znode.",
  },
  childrenWatches: {
    title: "child lists notified",
    meaning: "Notifications that a watched child list changed: those of the scheme `children`.",
  },
  dataReads: {
    title: "data reads",
    meaning:
      "`getData` calls. Candidates use them to set a watch on a contender, and leaders to set one on their " +
      "own.",
  },
  readRequests: {
    meaning: "All requests that change nothing. This is the load that followers could share.",
  },
  lists: {
    title: "lists read",
    meaning:
      "`getChildren` calls. It should be close to `reads`; more are looks that no notification caused.",
  },
  pings: {
    title: "pings",
    meaning:
      "Pings of the sessions, counted apart from the election: of candidates that are far from their turn. " +
      "`null` if they cannot be told apart; then the counts may contain some.",
  },
  readLatencyMs: {
    title: "read, ms",
    meaning:
      "Mean time of a read in the servers, including the lab's own syncs; they measure whole milliseconds. " +
      "If it grows with N, the servers are the bottleneck, not the candidates.",
  },
  updateLatencyMs: {
    title: "update, ms",
    meaning: "The same for writes, which includes the disk's fsync. A high value makes detection slow.",
  },
  fsyncMs: {
    meaning:
      "How long the servers waited for their disks; they measure whole milliseconds. A write is answered " +
      "only after that.",
  },
  outstandingRequests: {
    title: "requests waiting",
    meaning:
      "Requests that waited in the servers when they were asked. If it is not 0, the herd had not passed " +
      "yet, or somebody else uses the ensemble.",
  },
  cpuMs: {
    title: "processor, ms",
    meaning:
      "Processor time of the servers that this run started, including the lab's own questions. Divided by " +
      "the elapsed time, this is their share of the cores.",
  },
  gcPauseMs: {
    title: "collector’s pauses, ms",
    meaning:
      "Time for which their garbage collectors stopped them. If a failover is slow by that much, this is " +
      "the reason.",
  },
} as const satisfies Readonly<Record<string, ServerCount>>;

export type ServerCountName = keyof typeof serverCounts;

export const serverCountNames = Object.keys(serverCounts) as ServerCountName[];

const shapes = serverCountNames.map(
  (name) => [name, nullable(number(), serverCounts[name].meaning)] as const,
);

/** `null` for counts that they do not report. */
export const serverDifference = object(
  Object.fromEntries(shapes) as Record<ServerCountName, (typeof shapes)[number][1]>,
);

export type ServerDifference = Of<typeof serverDifference>;
