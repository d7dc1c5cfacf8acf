import { expect, test } from "vitest";
import type { ServerDifference } from "../history/server-difference.ts";
import { possibleCounts } from "./possible-counts.ts";

function counts(changes: Partial<ServerDifference> = {}): ServerDifference {
  return {
    packetsSent: 4,
    packetsReceived: 3,
    responseBytes: 100,
    watchBytes: 65,
    deletedWatches: 1,
    childrenWatches: 0,
    dataReads: 1,
    readRequests: 2,
    lists: 1,
    pings: 0,
    readLatencyMs: 0.2,
    updateLatencyMs: 1.5,
    fsyncMs: 0,
    outstandingRequests: 0,
    cpuMs: null,
    gcPauseMs: null,
    ...changes,
  };
}

test("what can be right stays as it is", () => {
  const servers = [counts(), null, counts({ lists: 0 })];
  expect(possibleCounts(servers, [1, 2, 3], [])).toEqual({ servers, impossible: [] });
});

test("less than nothing cannot be right: it is left out, and named", () => {
  const odd = counts({ packetsSent: -9, readLatencyMs: -14.8 });
  expect(possibleCounts([counts(), odd], [1, 4], [])).toEqual({
    servers: [counts(), counts({ packetsSent: null, readLatencyMs: null })],
    impossible: [{ failover: 4, names: ["packetsSent", "readLatencyMs"] }],
  });
});

test("where several servers stand behind one address, no count is worth anything", () => {
  const several = { type: "several", server: 1, address: "zk:2181", failovers: [2] } as const;
  expect(possibleCounts([counts(), counts({ lists: -1 })], [1, 2], [several])).toEqual({
    servers: [null, null],
    impossible: [],
  });
});

test("a server that has started again concerns the failovers in which that was seen, and no others", () => {
  const changed = { type: "changed", server: 1, address: "zk:2181", failovers: [1] } as const;
  expect(possibleCounts([null, counts()], [1, 2], [changed]).servers).toEqual([null, counts()]);
});
