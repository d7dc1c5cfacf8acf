import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Fenced } from "../election/fence.ts";
import type { Event } from "../history/event.ts";
import { Recorder } from "../history/recorder.ts";
import { createRecording } from "../history/ring.ts";
import { Tape } from "../history/tape.ts";
import { ConnectionLoss } from "../zookeeper/errors.ts";
import { GuardedCounter, pauseMs } from "./guarded-counter.ts";

const PAUSE_MS = 20;

let tape: Tape;
let events: Event[];
let recorder: Recorder;
let counter: GuardedCounter | undefined;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const recording = createRecording(1, 100, process.hrtime.bigint());
  tape = new Tape(recording);
  events = [];
  recorder = new Recorder(recording, 0, 0);
});

afterEach(() => {
  counter?.end();
  vi.useRealTimers();
});

function counterOf(write: (token: number) => Promise<number>): GuardedCounter {
  counter = new GuardedCounter(recorder, write, PAUSE_MS);
  return counter;
}

/** Everything so far. */
function recorded(): string[] {
  events.push(...tape.take());
  return events.map((event) =>
    event.type === "wrote" ? `${event.czxid} wrote ${event.version}` : event.type,
  );
}

test("a leader writes at once, and again a pause after each answer", async () => {
  let version = 0;
  const counter = counterOf(async () => ++version);
  counter.begin(100);
  await vi.advanceTimersByTimeAsync(0);
  expect(recorded()).toEqual(["100 wrote 1"]);
  await vi.advanceTimersByTimeAsync(2 * PAUSE_MS);
  expect(recorded()).toEqual(["100 wrote 1", "100 wrote 2", "100 wrote 3"]);
  counter.end();
  await vi.advanceTimersByTimeAsync(10 * PAUSE_MS);
  expect(version).toBe(3);
});

test("after standing still it writes at once, and once; not at all if it no longer leads", async () => {
  let version = 0;
  const counter = counterOf(async () => ++version);
  counter.begin(100);
  await vi.advanceTimersByTimeAsync(0);
  counter.goOn();
  await vi.advanceTimersByTimeAsync(0);
  expect(version).toBe(2);
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  expect(version).toBe(3);
  counter.end();
  counter.goOn();
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  expect(version).toBe(3);
});

test("a write that takes long holds up the next one", async () => {
  const answers: ((version: number) => void)[] = [];
  const counter = counterOf(() => new Promise((resolve) => answers.push(resolve)));
  counter.begin(100);
  await vi.advanceTimersByTimeAsync(10 * PAUSE_MS);
  expect(answers).toHaveLength(1);
  answers[0]?.(1);
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  expect(answers).toHaveLength(2);
});

test("neither a refusal nor a lost reply ends anything; only the refusal is recorded", async () => {
  const outcomes = [new Fenced(5, 6, "/counter"), new ConnectionLoss(-4, "lost")];
  const counter = counterOf(async () => {
    const outcome = outcomes.shift();
    if (outcome !== undefined) throw outcome;
    return 7;
  });
  counter.begin(100);
  await vi.advanceTimersByTimeAsync(3 * PAUSE_MS);
  expect(recorded()).toEqual(["refused", "100 wrote 7", "100 wrote 7"]);
});

test("a write in flight when the term ends is let go, and recorded when it is answered", async () => {
  const answers: ((version: number) => void)[] = [];
  const counter = counterOf(() => new Promise((resolve) => answers.push(resolve)));
  counter.begin(100);
  counter.end();
  answers[0]?.(5);
  await vi.advanceTimersByTimeAsync(10 * PAUSE_MS);
  expect(recorded()).toEqual(["100 wrote 5"]);
  expect(answers).toHaveLength(1);
});

test("a term that begins while a write of the previous one is in flight makes no second chain", async () => {
  const answers: (() => void)[] = [];
  let version = 0;
  const counter = counterOf(() => new Promise((resolve) => answers.push(() => resolve(++version))));
  counter.begin(100);
  counter.end();
  // A suspended leader may lead again with the same token.
  counter.begin(100);
  for (const answer of answers.splice(0)) answer();
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  expect(answers).toHaveLength(1);
});

test("at rest, no write is in flight", async () => {
  let answer: (version: number) => void = () => undefined;
  const counter = counterOf(() => new Promise((resolve) => (answer = resolve)));
  await counter.rest();
  counter.begin(100);
  const rested = vi.fn();
  void counter.rest().then(rested);
  await vi.advanceTimersByTimeAsync(0);
  expect(rested).not.toHaveBeenCalled();
  answer(1);
  await vi.advanceTimersByTimeAsync(0);
  expect(rested).toHaveBeenCalled();
  expect(recorded()).toEqual(["100 wrote 1"]);
});

test("the pause follows the session timeout", () => {
  expect([100, 2000].map(pauseMs)).toEqual([10, 40]);
});
