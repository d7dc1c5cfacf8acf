/**
 * What one failover made the servers do, without what the lab itself asked. The names are those of
 * `result.json`, in the order of their columns.
 */
import { nullable, number, type Of, object } from "../shape.ts";

export interface ServerCount {
  /** Above a column of the report; without one it has none. */
  readonly title?: string;
  readonly meaning: string;
}

export const serverCounts = {
  packetsSent: {
    title: "packets sent",
    meaning: "Replies and notifications that the servers sent. It grows with N where all are woken.",
  },
  packetsReceived: {
    title: "packets received",
    meaning: "Requests that they received. Compare it with `reads` to see what else was asked.",
  },
  responseBytes: {
    title: "bytes answered",
    meaning:
      "Bytes of their replies. Where N candidates each read a list of N, it grows with the square of N.",
  },
  watchBytes: {
    title: "bytes of notifications",
    meaning: "Bytes of their notifications. Divided by the notifications, it is the size of one.",
  },
  deletedWatches: {
    title: "deletions notified",
    meaning:
      "Notifications that a watched znode was deleted: those of the scheme, and mostly one to the victim, " +
      "which watched its own znode.",
  },
  childrenWatches: {
    title: "child lists notified",
    meaning: "Notifications that a watched child list changed. They are those of `children`.",
  },
  dataReads: {
    title: "data reads",
    meaning: "`getData` calls. With them a candidate sets its watch on a contender, and a leader on its own.",
  },
  readRequests: {
    meaning: "All requests that change nothing. It is the load that followers could share.",
  },
  lists: {
    title: "lists read",
    meaning: "`getChildren` calls. It should be near `reads`; more are looks that no notification caused.",
  },
  pings: {
    title: "pings",
    meaning:
      "Pings of the sessions, kept apart from the election. There are hardly any: heartbeats take their " +
      "place. `null` where they cannot be told, and then the counts may contain some.",
  },
  readLatencyMs: {
    title: "read, ms",
    meaning:
      "Mean time of a read in the servers, the lab's own syncs included; they measure whole milliseconds. " +
      "Where it grows with N, the servers are the bottleneck, not the candidates.",
  },
  updateLatencyMs: {
    title: "update, ms",
    meaning: "The same of writes, which includes the disk's fsync. A high one makes detection slow.",
  },
  fsyncMs: {
    meaning:
      "For how long the servers waited for their disks; they measure whole milliseconds. A write is " +
      "answered only after that.",
  },
  outstandingRequests: {
    title: "requests waiting",
    meaning:
      "Requests that waited in the servers when they were asked. Other than 0, the herd had not passed yet, " +
      "or somebody else uses the ensemble.",
  },
  cpuMs: {
    title: "processor, ms",
    meaning:
      "Processor time of the servers that this run started, the lab's own questions included. By the " +
      "elapsed time, it is their share of the cores.",
  },
  gcPauseMs: {
    title: "collector’s pauses, ms",
    meaning:
      "Time for which their garbage collectors stopped them. A failover that is slow by as much was slow " +
      "for this reason.",
  },
} as const satisfies Readonly<Record<string, ServerCount>>;

export type ServerCountName = keyof typeof serverCounts;

export const serverCountNames = Object.keys(serverCounts) as ServerCountName[];

const shapes = serverCountNames.map(
  (name) => [name, nullable(number(), serverCounts[name].meaning)] as const,
);

/** `null` for what they do not tell. */
export const serverDifference = object(
  Object.fromEntries(shapes) as Record<ServerCountName, (typeof shapes)[number][1]>,
);

export type ServerDifference = Of<typeof serverDifference>;
