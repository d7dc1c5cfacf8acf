import { expect, test } from "vitest";
import {
  type Between,
  type Counted,
  countsBetween,
  haveCountedOn,
  type ServerCounts,
  subtract,
} from "./server-counts.ts";

const none: ServerCounts = {
  packetsSent: 0,
  packetsReceived: 0,
  bytesReceived: 0,
  responseBytes: 0,
  watchBytes: 0,
  deletedWatches: 0,
  childrenWatches: 0,
  dataReads: 0,
  readRequests: 0,
  readMs: 0,
  updates: 0,
  updateMs: 0,
  fsyncMs: 0,
  outstandingRequests: 0,
  cpuMs: 0,
  gcPauseMs: 0,
};

/** "/e/lection" is ten bytes, so a list is 27, a getData 73, a sync 26 and a ping 12. */
const between: Between = {
  look: { ...none, packetsSent: 3, packetsReceived: 1, bytesReceived: 4 },
  looks: 1,
  syncs: 2,
  heartbeats: { syncs: 0, owns: 0 },
  election: "/e/lection",
  quietMs: 5000,
  sessionTimeoutMs: 2000,
  faultBytes: 0,
};

/** A look, two syncs, three lists, one getData, and this number of pings. */
function after(pings: number): ServerCounts {
  return {
    ...none,
    packetsSent: 3 + 2 + 3 + 1 + pings + 4,
    packetsReceived: 1 + 2 + 3 + 1 + pings,
    bytesReceived: 4 + 2 * 26 + 3 * 27 + 73 + 12 * pings,
    dataReads: 1,
    readRequests: 2 + 3 + 1 + pings,
    readMs: 10 + pings,
  };
}

test.each([0, 1, 49])("%i pings are told apart from lists by their bytes", (pings) => {
  expect(countsBetween(none, after(pings), between)).toMatchObject({
    pings,
    lists: 3,
    dataReads: 1,
    readRequests: 4,
    packetsReceived: 4,
    packetsSent: 8,
  });
});

test("in less than a third of the session timeout nobody pings", () => {
  const counts = countsBetween(none, { ...after(0), bytesReceived: null }, { ...between, quietMs: 600 });
  expect(counts).toMatchObject({ pings: 0, lists: 3 });
});

test("heartbeats are subtracted, from the bytes as well", () => {
  const [syncs, owns] = [3, 4];
  const beats = syncs + owns;
  const busy = {
    ...after(3),
    packetsSent: (after(3).packetsSent ?? 0) + beats,
    packetsReceived: (after(3).packetsReceived ?? 0) + beats,
    bytesReceived: (after(3).bytesReceived ?? 0) + 26 * syncs + 73 * owns,
    readRequests: (after(3).readRequests ?? 0) + beats,
    responseBytes: (16 + 4 + 10) * (2 + syncs) + 84 * owns,
  };
  expect(countsBetween(none, busy, { ...between, heartbeats: { syncs, owns } })).toMatchObject({
    pings: 3,
    lists: 3,
    packetsSent: 8,
    packetsReceived: 4,
    responseBytes: 0,
  });
});

test("if leaders made an unknown number of requests, requests are unknown, but notifications are not", () => {
  const counts = countsBetween(none, { ...after(0), watchBytes: 65 }, { ...between, heartbeats: null });
  expect(counts).toMatchObject({ packetsSent: null, responseBytes: null, lists: null, pings: null });
  expect(counts).toMatchObject({ dataReads: null, readRequests: null, watchBytes: 65, deletedWatches: 0 });
});

test("a repeated look is subtracted again", () => {
  const twice = { ...after(0), packetsSent: (after(0).packetsSent ?? 0) + 3, packetsReceived: 8 };
  const counts = countsBetween(none, { ...twice, bytesReceived: null }, { ...between, looks: 2, quietMs: 1 });
  expect(counts).toMatchObject({ packetsSent: 8, packetsReceived: 4 });
});

test("pings are unknown if the bytes do not add up, or are not known", () => {
  const odd = { ...after(5), bytesReceived: (after(5).bytesReceived ?? 0) + 1 };
  expect(countsBetween(none, odd, between)).toMatchObject({ pings: null, readRequests: 9 });
  expect(countsBetween(none, after(5), { ...between, faultBytes: null }).pings).toBeNull();
});

test("a count that a server does not report stays unknown", () => {
  const counts = countsBetween(none, { ...after(1), dataReads: null, cpuMs: null }, between);
  expect(counts).toMatchObject({ dataReads: null, lists: null, cpuMs: null, packetsSent: 9 });
  expect(subtract({ ...none, cpuMs: null }, none)).toEqual({ ...none, cpuMs: null });
});

test("a latency is a mean over all requests of its kind", () => {
  expect(countsBetween(none, after(0), between).readLatencyMs).toBeCloseTo(10 / 6, 10);
  expect(countsBetween(none, none, between).updateLatencyMs).toBeNull();
});

test("nothing is known of what was counted while a server of our own was restarted", () => {
  const counted = (pid: number): Counted => ({
    monitors: [],
    jvms: [{ pid, cpuMs: 5000, gcPauseMs: 0 }],
    counts: none,
  });
  expect(haveCountedOn(counted(1), counted(1))).toBe(true);
  expect(haveCountedOn(counted(1), counted(2))).toBe(false);
});
