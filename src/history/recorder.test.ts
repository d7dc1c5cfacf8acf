import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import {
  COORDINATOR,
  type EventKind,
  endReasons,
  eventKinds,
  leases,
  readCauses,
  watchKinds,
} from "./event.ts";
import { createRecording, Recorder, RecordingFull, readEvents, readNewEvents } from "./recorder.ts";

const now = () => process.hrtime.bigint();

/** What is left of an event without its time. */
const untimed = ({ at: _, ...event }: { at: number }) => event;

test("every kind of event comes back with the values that belong to it", () => {
  const kinds = Object.keys(eventKinds) as EventKind[];
  const recording = createRecording(1, kinds.length, now());
  const recorder = new Recorder(recording, 0);
  for (const kind of kinds) recorder.record(kind, 1, 0);
  const events = readEvents(recording);
  expect(events.map(({ type }) => type)).toEqual(kinds);
  for (const event of events) {
    const fields = Object.keys(eventKinds[event.type]);
    expect(Object.keys(event)).toEqual(["at", "candidate", "type", ...fields]);
  }
});

test("names come back as names", () => {
  const recording = createRecording(1, 20, now());
  const recorder = new Recorder(recording, 0);
  for (const cause of readCauses.keys()) recorder.record("reading", cause);
  for (const watch of watchKinds.keys()) recorder.record("armed", watch, 3);
  for (const reason of endReasons.keys()) recorder.record("ended", 3, reason);
  for (const lease of leases.keys()) recorder.record("thawed", lease);
  expect(readEvents(recording).map(untimed)).toEqual([
    ...readCauses.map((cause) => ({ candidate: 0, type: "reading", cause })),
    ...watchKinds.map((watch) => ({ candidate: 0, type: "armed", watch, sequence: 3 })),
    ...endReasons.map((reason) => ({ candidate: 0, type: "ended", sequence: 3, reason })),
    ...leases.map((lease) => ({ candidate: 0, type: "thawed", lease })),
  ]);
});

test("numbers come back exactly: negative sequences, large zxids, halves of a session id", () => {
  const recording = createRecording(1, 3, now());
  const recorder = new Recorder(recording, 0);
  recorder.record("created", -(2 ** 31), Number.MAX_SAFE_INTEGER);
  recorder.record("claimed", 2 ** 31 - 1, 2 ** 52 + 1);
  recorder.record("connected", 2 ** 32 - 1, 2 ** 32 - 2, 3);
  expect(readEvents(recording).map(untimed)).toEqual([
    { candidate: 0, type: "created", sequence: -2147483648, czxid: 9007199254740991 },
    { candidate: 0, type: "claimed", sequence: 2147483647, czxid: 4503599627370497 },
    { candidate: 0, type: "connected", sessionHigh: 4294967295, sessionLow: 4294967294, server: "3" },
  ]);
});

test("events of all regions come in the order of time", () => {
  const recording = createRecording(2, 4, now());
  const writers = [1, COORDINATOR, 0, 1, 0, COORDINATOR];
  const recorders = new Map([0, 1, COORDINATOR].map((who) => [who, new Recorder(recording, who)]));
  for (const [index, who] of writers.entries()) recorders.get(who)?.record("settled", index);
  const events = readEvents(recording);
  expect(events.map(untimed)).toEqual(
    writers.map((candidate, failover) => ({ candidate, type: "settled", failover })),
  );
  expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted((a, b) => a - b));
});

test("times are nanoseconds since the origin", () => {
  const origin = now();
  const recording = createRecording(1, 1, origin);
  const earliest = Number(now() - origin);
  new Recorder(recording, 0).record("thawed");
  const latest = Number(now() - origin);
  const [event] = readEvents(recording);
  expect(event?.at).toBeGreaterThanOrEqual(earliest);
  expect(event?.at).toBeLessThanOrEqual(latest);
});

test("a moment of a thread's own clock lies between the events before and after it", () => {
  const recording = createRecording(1, 2, now());
  const recorder = new Recorder(recording, 0);
  recorder.record("thawed");
  const moment = recorder.momentOf(performance.now());
  recorder.record("thawed");
  const [before, after] = readEvents(recording);
  // Both clocks are read, one after the other.
  expect(moment).toBeGreaterThan((before?.at ?? 0) - 1e6);
  expect(moment).toBeLessThan((after?.at ?? 0) + 1e6);
  expect(recorder.momentOf(performance.now() + 5000) - moment).toBeGreaterThan(5e9 - 1e6);
  expect(Number.isInteger(moment)).toBe(true);
});

test("another thread writes into the same memory", async () => {
  const recording = createRecording(1, 1, now());
  const code = `
    const { workerData } = require("node:worker_threads");
    const region = new Float64Array(workerData.memory);
    region.set([1, 0, Number(process.hrtime.bigint() - workerData.origin), 5, 6]);`;
  const worker = new Worker(code, { eval: true, workerData: recording });
  await new Promise((resolve) => worker.once("exit", resolve));
  expect(readEvents(recording).map(untimed)).toEqual([
    { candidate: 0, type: "connected", sessionHigh: 5, sessionLow: 6, server: "unknown" },
  ]);
});

test("a region that is exactly full is fine, one event more is reported, and no neighbour is touched", () => {
  const recording = createRecording(3, 2, now());
  const recorder = new Recorder(recording, 1);
  recorder.record("creating");
  recorder.record("closing");
  expect(readEvents(recording)).toHaveLength(2);
  recorder.record("closed");
  expect(() => readEvents(recording)).toThrow(RecordingFull);
  expect(() => readEvents(recording)).toThrow("candidate 1 recorded 3 events, and a region holds 2");
});

test("nothing recorded, nothing read", () => {
  expect(readEvents(createRecording(5, 10, now()))).toEqual([]);
});

test("a reader of what is new gets each event once, while others are recorded", () => {
  const recording = createRecording(2, 4, now());
  const recorders = [0, 1].map((candidate) => new Recorder(recording, candidate));
  const read = new Map<number, number>();
  for (const recorder of recorders) recorder.record("creating");
  expect(readNewEvents(recording, read).map(({ type }) => type)).toEqual(["creating", "creating"]);
  expect(readNewEvents(recording, read)).toEqual([]);
  recorders[1]?.record("claimed", 7, 8);
  expect(readNewEvents(recording, read).map(untimed)).toEqual([
    { candidate: 1, type: "claimed", sequence: 7, czxid: 8 },
  ]);
  expect(readEvents(recording)).toHaveLength(3);
});
