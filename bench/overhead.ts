/**
 * Measures the lab's own costs: a reading of the clock, the recording of an event, a message to a thread, and
 * the failovers of one trial with everything recorded, compared with only the fault and the claim, in turns.
 * Run with `yarn bench:overhead`.
 */
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { schemes } from "../src/election/schemes.ts";
import { startLocal } from "../src/ensemble/local.ts";
import { Scratch } from "../src/ensemble/scratch.ts";
import { faults } from "../src/faults/faults.ts";
import { defaultConditions } from "../src/history/conditions.ts";
import { Recorder } from "../src/history/recorder.ts";
import { createRecording } from "../src/history/ring.ts";
import { exitCodes } from "../src/lab-error.ts";
import { clockCostNs } from "../src/machine.ts";
import { compare } from "../src/metrics/comparison.ts";
import { failovers } from "../src/metrics/failover.ts";
import { summarise } from "../src/metrics/statistics.ts";
import { type OverheadOptions, parseOverhead } from "../src/options/bench-overhead.ts";
import { print } from "../src/output.ts";
import { runWhole } from "../src/run/whole-trials.ts";
import { runBench } from "./run-bench.ts";

const SEED = 1;
const FAILOVERS = 600;
const EVENTS = 100_000;
const WAKES = 200;
const HOPS = 2000;

function newRecorder(): Recorder {
  // The ring has room for all of them: a full one would cost less.
  return new Recorder(createRecording(1, EVENTS, process.hrtime.bigint()), 0, 0);
}

/** An event in a thread that wakes for a failover: its caches are cold, and its code is rarely compiled. */
async function rareEventsUs(): Promise<number[]> {
  const recorder = newRecorder();
  const each: number[] = [];
  for (let wake = 0; wake < WAKES; wake++) {
    await delay(5);
    const start = process.hrtime.bigint();
    recorder.record("notified", 0, wake);
    recorder.record("reading", 1);
    recorder.record("read", wake);
    recorder.record("claimed", wake, wake);
    each.push(Number(process.hrtime.bigint() - start) / 4000);
  }
  return each;
}

function eventCostNs(): number {
  const recorder = newRecorder();
  const start = process.hrtime.bigint();
  for (let event = 0; event < EVENTS; event++) recorder.record("claimed", event, event);
  return Number(process.hrtime.bigint() - start) / EVENTS;
}

/** Half of a round trip between two threads that wait, in microseconds. */
async function hopsUs(): Promise<number[]> {
  const echo =
    "require('node:worker_threads').parentPort.on('message', (m) => require('node:worker_threads').parentPort.postMessage(m))";
  const worker = new Worker(echo, { eval: true });
  const hops: number[] = [];
  for (let hop = 0; hop < HOPS; hop++) {
    const start = process.hrtime.bigint();
    await new Promise((resolve) => {
      worker.once("message", resolve);
      worker.postMessage(hop);
    });
    hops.push(Number(process.hrtime.bigint() - start) / 2000);
  }
  await worker.terminate();
  return hops.slice(HOPS / 10);
}

/**
 * The times of `predecessor`'s failovers, in milliseconds: with everything recorded, and with next to nothing.
 */
async function failoversMs(scratch: Scratch, candidates: number): Promise<[on: number[], off: number[]]> {
  const ensemble = await startLocal(scratch, { tickTimeMs: 200, fsync: true, runId: "overhead" });
  const options = {
    ...defaultConditions,
    scheme: schemes.predecessor,
    schemeSource: { name: "predecessor" },
    fault: faults.resign,
    candidates,
    failovers: FAILOVERS,
    sessionTimeoutMs: 10_000,
    electionName: "election",
    scratch,
    origin: process.hrtime.bigint(),
  } as const;
  const [on, off] = await runWhole(
    ensemble,
    [
      { ...options, trial: 1 },
      { ...options, trial: 2, recordOnly: ["fault", "claimed", "settled"] },
    ],
    { turns: { failovers: 50, warmUps: 2 } },
  );
  await ensemble.close();
  if (on === undefined || off === undefined) throw new Error("both trials have a history");
  const totals = [on, off].map((history) => failovers(history).flatMap(({ totalMs }) => totalMs ?? []));
  return [totals[0] ?? [], totals[1] ?? []];
}

async function overhead({ candidates }: OverheadOptions): Promise<number> {
  const scratch = await Scratch.create();
  try {
    print(`a reading of the clock   ${clockCostNs().toFixed(0)} ns`);
    const rare = summarise(await rareEventsUs(), SEED)?.p50;
    eventCostNs();
    print(
      `the recording of an event   p50 ${rare?.toFixed(1)} µs in a thread that has just woken, ` +
        `${eventCostNs().toFixed(0)} ns in a loop`,
    );
    print(`a message to a thread   p50 ${summarise(await hopsUs(), SEED)?.p50.toFixed(1)} µs`);
    const [on, off] = await failoversMs(scratch, candidates);
    const comparison = compare(on, off, SEED);
    const [low, high] = comparison?.interval ?? [];
    print(
      `failover among ${candidates}   p50 ${summarise(on, SEED)?.p50.toFixed(3)} ms recorded, ` +
        `${summarise(off, SEED)?.p50.toFixed(3)} ms not: ${comparison?.ratio.toFixed(3)} times ` +
        `(${low?.toFixed(3)}–${high?.toFixed(3)}), ${FAILOVERS} failovers each, in turns`,
    );
  } finally {
    await scratch[Symbol.asyncDispose]();
  }
  return exitCodes.fine;
}

await runBench(parseOverhead, overhead);
