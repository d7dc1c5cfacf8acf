import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay, setImmediate as immediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { makeProgram } from "../testing/program.ts";
import {
  COORDINATOR,
  type EventKind,
  endReasons,
  eventKinds,
  leases,
  readCauses,
  watchKinds,
} from "./event.ts";
import { Recorder } from "./recorder.ts";
import { capacityWithin, createRecording, ringOf, WRITING } from "./ring.ts";
import { RecordingFull, Tape } from "./tape.ts";

const now = () => process.hrtime.bigint();

/** An event without its time. */
const untimed = ({ at: _, ...event }: { at: number }) => event;

test("every kind of event comes back with the values that belong to it", () => {
  const kinds = Object.keys(eventKinds) as EventKind[];
  const recording = createRecording(1, kinds.length, now());
  const recorder = new Recorder(recording, 0, 0);
  for (const kind of kinds) recorder.record(kind, 1, 0);
  const events = new Tape(recording).take();
  expect(events.map(({ type }) => type)).toEqual(kinds);
  for (const event of events) {
    const fields = Object.keys(eventKinds[event.type]);
    expect(Object.keys(event)).toEqual(["at", "candidate", "type", ...fields]);
  }
});

test("names come back as names", () => {
  const recording = createRecording(1, 20, now());
  const recorder = new Recorder(recording, 0, 0);
  for (const cause of readCauses.keys()) recorder.record("reading", cause);
  for (const watch of watchKinds.keys()) recorder.record("armed", watch, 3);
  for (const reason of endReasons.keys()) recorder.record("ended", 3, reason);
  for (const lease of leases.keys()) recorder.record("thawed", lease);
  expect(new Tape(recording).take().map(untimed)).toEqual([
    ...readCauses.map((cause) => ({ candidate: 0, type: "reading", cause })),
    ...watchKinds.map((watch) => ({ candidate: 0, type: "armed", watch, sequence: 3 })),
    ...endReasons.map((reason) => ({ candidate: 0, type: "ended", sequence: 3, reason })),
    ...leases.map((lease) => ({ candidate: 0, type: "thawed", lease })),
  ]);
});

test("numbers come back exactly: negative sequences, large zxids, halves of a session id", () => {
  const recording = createRecording(1, 3, now());
  const recorder = new Recorder(recording, 0, 0);
  recorder.record("created", -(2 ** 31), Number.MAX_SAFE_INTEGER);
  recorder.record("claimed", 2 ** 31 - 1, 2 ** 52 + 1);
  recorder.record("connected", 2 ** 32 - 1, 2 ** 32 - 2, 3);
  expect(new Tape(recording).take().map(untimed)).toEqual([
    { candidate: 0, type: "created", sequence: -2147483648, czxid: 9007199254740991 },
    { candidate: 0, type: "claimed", sequence: 2147483647, czxid: 4503599627370497 },
    { candidate: 0, type: "connected", sessionHigh: 4294967295, sessionLow: 4294967294, server: "3" },
  ]);
});

test("events of all rings come in the order of time", () => {
  const recording = createRecording(2, 4, now());
  const writers = [1, COORDINATOR, 0, 1, 0, COORDINATOR];
  const recorders = new Map([0, 1, COORDINATOR].map((who) => [who, new Recorder(recording, who, who)]));
  for (const [index, who] of writers.entries()) recorders.get(who)?.record("settled", index);
  const events = new Tape(recording).take();
  expect(events.map(untimed)).toEqual(
    writers.map((candidate, failover) => ({ candidate, type: "settled", failover })),
  );
  expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted((a, b) => a - b));
});

test("times are nanoseconds since the origin", () => {
  const origin = now();
  const recording = createRecording(1, 1, origin);
  const earliest = Number(now() - origin);
  new Recorder(recording, 0, 0).record("thawed");
  const latest = Number(now() - origin);
  const [event] = new Tape(recording).take();
  expect(event?.at).toBeGreaterThanOrEqual(earliest);
  expect(event?.at).toBeLessThanOrEqual(latest);
});

test("a moment of a thread's own clock lies between the events before and after it", () => {
  const recording = createRecording(1, 2, now());
  const recorder = new Recorder(recording, 0, 0);
  recorder.record("thawed");
  const moment = recorder.momentOf(performance.now());
  recorder.record("thawed");
  const [before, after] = new Tape(recording).take();
  // Both clocks are read, one after the other.
  expect(moment).toBeGreaterThan((before?.at ?? 0) - 1e6);
  expect(moment).toBeLessThan((after?.at ?? 0) + 1e6);
  expect(recorder.momentOf(performance.now() + 5000) - moment).toBeGreaterThan(5e9 - 1e6);
  expect(Number.isInteger(moment)).toBe(true);
});

test("events that another thread records while others are taken over come back whole, each once", async () => {
  const folder = await mkdtemp(join(tmpdir(), "recorder-test-"));
  try {
    const program = await makeProgram(
      join(folder, "writer.cjs"),
      `import { workerData } from "node:worker_threads";
       import { Recorder } from "./history/recorder.ts";
       const recorder = new Recorder(workerData.recording, 1, 7);
       for (let number = 0; number < workerData.events; number++) {
         recorder.record("claimed", number, 2 * number);
         if (number % 1000 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
       }`,
    );
    const events = 100_000;
    const recording = createRecording(2, events, now());
    const tape = new Tape(recording);
    const writer = new Worker(program, { workerData: { recording, events } });
    let running = true;
    writer.once("exit", () => {
      running = false;
    });
    while (running) {
      for (let times = 0; times < 1000; times++) tape.drain();
      await immediate();
    }
    const read = tape.take().map(untimed);
    expect(read).toHaveLength(events);
    const wrong = read.filter((event, number) => !("czxid" in event) || event.czxid !== 2 * number);
    expect(wrong).toEqual([]);
    expect(read[1000]).toEqual({ candidate: 7, type: "claimed", sequence: 1000, czxid: 2000 });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a ring that is exactly full is fine, one event more is reported, and no neighbour is touched", () => {
  const recording = createRecording(3, 2, now());
  const recorder = new Recorder(recording, 1, 1);
  recorder.record("creating");
  recorder.record("closing");
  const tape = new Tape(recording);
  expect(tape.take()).toHaveLength(2);
  for (const kind of ["closed", "creating", "closing"] as const) recorder.record(kind);
  expect(() => tape.take()).toThrow(RecordingFull);
  expect(() => tape.take()).toThrow(
    "1 events of host 1 are missing: a ring holds 2 from one window to the next",
  );
});

test("a ring holds more than its size, when its events are taken over in time", () => {
  const recording = createRecording(1, 3, now());
  const recorder = new Recorder(recording, 0, 0);
  const tape = new Tape(recording);
  for (let failover = 0; failover < 20; failover++) {
    recorder.record("settled", failover);
    // At every place in the ring.
    if (failover % 2 === 1) tape.drain();
  }
  expect(tape.take().map((event) => "failover" in event && event.failover)).toEqual([...Array(20).keys()]);
});

test("candidates that share a host are told apart", () => {
  const recording = createRecording(1, 4, now());
  for (const candidate of [0, 1, 2]) new Recorder(recording, 0, candidate).record("creating");
  expect(new Tape(recording).take().map(({ candidate }) => candidate)).toEqual([0, 1, 2]);
});

test("what was taken is not taken again", () => {
  const recording = createRecording(1, 4, now());
  const recorder = new Recorder(recording, 0, 0);
  const tape = new Tape(recording);
  recorder.record("creating");
  tape.drain();
  recorder.record("closing");
  expect(tape.take().map(({ type }) => type)).toEqual(["creating", "closing"]);
  expect(tape.take()).toEqual([]);
  recorder.record("closed");
  expect(tape.take().map(({ type }) => type)).toEqual(["closed"]);
});

describe("what certainly belongs to a trial", () => {
  const recording = () => createRecording(2, 10, now());

  test("ends where all had last settled", () => {
    const shared = recording();
    const [own, coordinator] = [new Recorder(shared, 0, 0), new Recorder(shared, COORDINATOR, COORDINATOR)];
    const tape = new Tape(shared);
    own.record("creating");
    expect(tape.takeSettled()).toEqual([]);
    coordinator.record("enrolled", 1);
    own.record("closing");
    expect(tape.takeSettled().map(({ type }) => type)).toEqual(["creating", "enrolled"]);
    expect(tape.takeSettled()).toEqual([]);
    coordinator.record("settled", 1);
    own.record("closed");
    expect(tape.takeSettled().map(({ type }) => type)).toEqual(["closing", "settled"]);
    expect(tape.take().map(({ type }) => type)).toEqual(["closed"]);
  });

  test("does not reach beyond an event that is still being written", () => {
    const shared = recording();
    const coordinator = new Recorder(shared, COORDINATOR, COORDINATOR);
    const tape = new Tape(shared);
    coordinator.record("settled", 1);
    expect(tape.takeSettled()).toHaveLength(1);
    const { counts } = ringOf(shared, 1);
    Atomics.store(counts, WRITING, 1);
    coordinator.record("settled", 2);
    expect(tape.takeSettled()).toEqual([]);
    Atomics.store(counts, WRITING, 0);
    expect(tape.takeSettled()).toHaveLength(1);
  });

  test("is in order of time, across all that is taken, while others record", async () => {
    const folder = await mkdtemp(join(tmpdir(), "recorder-test-"));
    try {
      const program = await makeProgram(
        join(folder, "writer.cjs"),
        `import { workerData } from "node:worker_threads";
         import { Recorder } from "./history/recorder.ts";
         const recorder = new Recorder(workerData.recording, workerData.host, workerData.host);
         const until = Date.now() + 1000;
         while (Date.now() < until) {
           for (let times = 0; times < 100; times++) recorder.record("settled", 1);
           Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
         }`,
      );
      const shared = createRecording(2, 100_000, now());
      const tape = new Tape(shared);
      const taken: number[] = [];
      const over = [0, 1].map(async (host) => {
        const writer = new Worker(program, { workerData: { recording: shared, host } });
        await once(writer, "exit");
      });
      let running = true;
      void Promise.all(over).then(() => {
        running = false;
      });
      let pieces = 0;
      while (running) {
        const events = tape.takeSettled();
        if (events.length > 0) pieces++;
        for (const { at } of events) taken.push(at);
        await immediate();
      }
      for (const { at } of tape.take()) taken.push(at);
      expect(pieces).toBeGreaterThan(10);
      const late = taken.filter((at, index) => at < (taken[index - 1] ?? at));
      expect(late).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

test("events are taken over by themselves, and not from a pause on", async () => {
  const recording = createRecording(1, 2, now());
  const recorder = new Recorder(recording, 0, 0);
  const tape = new Tape(recording);
  tape.resume();
  recorder.record("creating");
  recorder.record("closing");
  await delay(300);
  recorder.record("closed");
  tape.pause();
  recorder.record("creating");
  recorder.record("closing");
  await delay(300);
  recorder.record("closed");
  expect(() => tape.take()).toThrow("1 events of host 0 are missing");
});

test("a thousand hosts record into less than 64 MB", () => {
  const capacity = capacityWithin(60e6, 1000);
  expect(capacity).toBeGreaterThan(1400);
  expect(createRecording(1000, capacity, now()).memory.byteLength).toBeLessThan(64e6);
});

test("nothing recorded, nothing read", () => {
  expect(new Tape(createRecording(5, 10, now())).take()).toEqual([]);
});
