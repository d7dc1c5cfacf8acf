/** The names of all server counts, in the order of their columns: a table has them all, told or not. */
import type { ServerDifference } from "../history/observations.ts";

export type ServerCountName = keyof ServerDifference;

const names: Record<ServerCountName, true> = {
  packetsSent: true,
  packetsReceived: true,
  responseBytes: true,
  watchBytes: true,
  deletedWatches: true,
  childrenWatches: true,
  dataReads: true,
  readRequests: true,
  lists: true,
  pings: true,
  readLatencyMs: true,
  updateLatencyMs: true,
  fsyncMs: true,
  outstandingRequests: true,
  cpuMs: true,
  gcPauseMs: true,
};

export const serverCountNames = Object.keys(names) as ServerCountName[];
