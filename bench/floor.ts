/**
 * The floor under a failover: the cost of the protocol alone. One of two bare sessions deletes a znode; the
 * other's watch fires (the floor), and it lists N children (the recipe's floor). Once both live in one thread,
 * and once each in its own, in a ring of such threads that act in turn, like candidates: the difference is the
 * cost of waking a thread that has slept. The scheme `heir` needs only the first step, `predecessor` both, each
 * with the election around it.
 *
 * All are measured in turns, in one run on one server, each from rest: a real failover strikes a quiet system.
 * Bare watches are set long before, as those of candidates are.
 * Run with `yarn bench:floor`.
 */
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import Table from "cli-table3";
import { type SchemeName, schemes } from "../src/election/schemes.ts";
import type { Ensemble } from "../src/ensemble/ensemble.ts";
import { startLocal } from "../src/ensemble/local.ts";
import { Scratch } from "../src/ensemble/scratch.ts";
import { faults } from "../src/faults/faults.ts";
import { defaultConditions } from "../src/history/conditions.ts";
import type { History } from "../src/history/history.ts";
import { exitCodes } from "../src/lab-error.ts";
import { type Comparison, compare } from "../src/metrics/comparison.ts";
import { failovers } from "../src/metrics/failover.ts";
import { type Statistics, summarise } from "../src/metrics/statistics.ts";
import { type FloorOptions, parseFloor } from "../src/options/bench-floor.ts";
import { print } from "../src/output.ts";
import { bundle } from "../src/package-root.ts";
import type { TrialOptions } from "../src/run/coordinator.ts";
import { runWhole } from "../src/run/whole-trials.ts";
import type { NativeClient } from "../src/zookeeper/binding.ts";
import { type BareReport, type BareRequest, create, openBare, remove, watch } from "./bare-session.ts";
import { runBench } from "./run-bench.ts";

const ROUNDS = 100;
/** The schemes take turns, and each turn begins with failovers that do not count. */
const TURNS = { failovers: 20, warmUps: 2 };
/** The pause before each act: after this long, threads sleep, and nothing is in flight. */
const REST_MS = 40;
/**
 * The most threads in the ring: after so many rounds the caches hold something else, as before a real failover.
 * Only 40 ms after its watch was set, a pair would still be a tenth faster, and after 5 ms a third.
 */
const MOST_THREADS = 50;
const SEED = 1;

interface Round {
  /** The time from the call of the delete until the watch fires, in milliseconds. */
  readonly notifiedMs: number;
  /** The time until the list is there. */
  readonly listedMs: number;
}

const contender = (parent: string) => `${parent}/${"0".repeat(32)}-c-`;
const milliseconds = (from: bigint, to: bigint) => Number(to - from) / 1e6;

/** A round that waits for its act: calling it deletes the znode. */
type Armed = () => Promise<Round>;

async function inOneThread(leader: NativeClient, successor: NativeClient, parent: string): Promise<Armed> {
  const path = await create(leader, contender(parent));
  const { woken } = await watch(successor, path, parent);
  return async () => {
    const start = remove(leader, path);
    const { notifiedAt, listedAt } = await woken;
    return { notifiedMs: milliseconds(start, notifiedAt), listedMs: milliseconds(start, listedAt) };
  };
}

/** A bare session in a separate thread. */
class BareThread {
  readonly #worker: Worker;

  private constructor(worker: Worker) {
    this.#worker = worker;
  }

  static async open(connect: string, scratch: string): Promise<BareThread> {
    const thread = new BareThread(
      new Worker(bundle("bare-session.cjs"), { workerData: { connect, scratch } }),
    );
    await thread.told("open");
    return thread;
  }

  ask(request: BareRequest): void {
    this.#worker.postMessage(request);
  }

  async told<Type extends BareReport["type"]>(type: Type): Promise<Extract<BareReport, { type: Type }>> {
    const [report] = (await once(this.#worker, "message")) as [BareReport];
    if (report.type !== type) throw new Error(`the thread says ${report.type} instead of ${type}`);
    return report as Extract<BareReport, { type: Type }>;
  }
}

async function inTwoThreads(leader: BareThread, successor: BareThread, parent: string): Promise<Armed> {
  leader.ask({ type: "create", prefix: contender(parent) });
  const { path } = await leader.told("created");
  successor.ask({ type: "watch", path, parent });
  await successor.told("armed");
  return async () => {
    const woken = successor.told("woken");
    leader.ask({ type: "remove", path });
    const { at } = await leader.told("removing");
    const { notifiedAt, listedAt } = await woken;
    return { notifiedMs: milliseconds(at, notifiedAt), listedMs: milliseconds(at, listedAt) };
  };
}

/** Threads that delete in turn, each watched by the next one. */
class Ring {
  readonly #threads: readonly BareThread[];
  readonly #parent: string;
  readonly #armed: Armed[] = [];
  #turn = 0;

  private constructor(threads: readonly BareThread[], parent: string) {
    this.#threads = threads;
    this.#parent = parent;
  }

  static async open(connect: string, scratch: string, threads: number, parent: string): Promise<Ring> {
    const opened: BareThread[] = [];
    while (opened.length < threads) opened.push(await BareThread.open(connect, scratch));
    const ring = new Ring(opened, parent);
    for (let place = 0; place < threads; place++) ring.#armed.push(await ring.#arm(place));
    return ring;
  }

  get threads(): number {
    return this.#threads.length;
  }

  /** A thread acts that has slept since all others have acted. */
  async round(): Promise<Round> {
    const place = this.#turn++ % this.threads;
    const round = await this.#act(place);
    this.#armed[place] = await this.#arm(place);
    return round;
  }

  async close(): Promise<void> {
    for (let place = 0; place < this.threads; place++) await this.#act(place);
    for (const thread of this.#threads) {
      thread.ask({ type: "close" });
      await thread.told("closed");
    }
  }

  #act(place: number): Promise<Round> {
    const armed = this.#armed[place];
    if (armed === undefined) throw new Error("there is nothing to delete");
    return armed();
  }

  #arm(place: number): Promise<Armed> {
    const [leader, successor] = [this.#threads[place], this.#threads[(place + 1) % this.threads]];
    if (leader === undefined || successor === undefined) throw new Error("the ring has no such place");
    return inTwoThreads(leader, successor, this.#parent);
  }
}

interface Floor {
  readonly oneThread: Round[];
  readonly twoThreads: Round[];
}

const measured = ["heir", "predecessor"] as const satisfies SchemeName[];

/** The failovers of both schemes, and a round of either bare pair before each of them. */
async function measure(
  ensemble: Ensemble,
  scratch: Scratch,
  candidates: number,
): Promise<Floor & Record<(typeof measured)[number], number[]>> {
  const parent = await ensemble.session.create(`${ensemble.root}/floor-${candidates}`, "", "persistent");
  const leader = await openBare(ensemble.connect);
  const successor = await openBare(ensemble.connect);
  const ring = await Ring.open(ensemble.connect, scratch.folder, Math.min(candidates, MOST_THREADS), parent);
  // The list is as long as the candidates' own.
  for (let made = ring.threads + 1; made < candidates; made++)
    await create(successor, `${parent}/${"f".repeat(32)}-c-`);
  const floor: Floor = { oneThread: [], twoThreads: [] };
  let armed = await inOneThread(leader, successor, parent);
  let isWarmUp = true;
  const trials = measured.map(
    (name, index): TrialOptions => ({
      ...defaultConditions,
      trial: 10 * candidates + index,
      scheme: schemes[name],
      schemeSource: { name },
      fault: faults.resign,
      candidates,
      failovers: ROUNDS,
      sessionTimeoutMs: 10_000,
      electionName: "election",
      scratch,
      origin: process.hrtime.bigint(),
      betweenFailovers: async () => {
        if (isWarmUp) return;
        await delay(REST_MS);
        if (floor.oneThread.length > floor.twoThreads.length) floor.twoThreads.push(await ring.round());
        else {
          floor.oneThread.push(await armed());
          armed = await inOneThread(leader, successor, parent);
        }
        await delay(REST_MS);
      },
    }),
  );
  const [heir, predecessor] = await runWhole(ensemble, trials, {
    turns: TURNS,
    onProgress: (progress) => {
      if (progress.type === "failover") isWarmUp = progress.failover === 0;
    },
  });
  await armed();
  leader.close();
  successor.close();
  await ring.close();
  return { ...floor, heir: totalsOf(heir), predecessor: totalsOf(predecessor) };
}

function totalsOf(history: History | undefined): number[] {
  if (history?.observations?.end.state !== "completed") throw new Error("a trial did not complete");
  return failovers(history).flatMap(({ totalMs }) => totalMs ?? []);
}

function figures(times: readonly number[]): Statistics {
  const statistics = summarise(times, SEED);
  if (statistics === null) throw new Error("nothing was measured");
  return statistics;
}

function floorOf(rounds: readonly Round[]) {
  return {
    notification: figures(rounds.map(({ notifiedMs }) => notifiedMs)),
    list: figures(rounds.map(({ listedMs }) => listedMs)),
  };
}

async function floor({ candidates: counts }: FloorOptions): Promise<number> {
  const ratios: [candidates: number, heirByPredecessor: Comparison][] = [];
  const table = new Table({
    head: [
      "N",
      "what, in ms",
      "p50",
      "p90",
      "p99",
      "max",
      "p50 by one notification",
      "by notification and list",
    ],
    style: { head: [], border: [], compact: true },
  });
  const scratch = await Scratch.create();
  try {
    const ensemble = await startLocal(scratch, { tickTimeMs: 200, fsync: true, runId: "floor" });
    for (const candidates of counts) {
      const { oneThread, twoThreads, heir, predecessor } = await measure(ensemble, scratch, candidates);
      const inOne = floorOf(oneThread);
      const inTwo = floorOf(twoThreads);
      const rows = {
        "a notification": inOne.notification,
        "and a list of N": inOne.list,
        "a notification, between threads": inTwo.notification,
        "and a list of N, between threads": inTwo.list,
        heir: figures(heir),
        predecessor: figures(predecessor),
      };
      for (const [name, { p50, p90, p99, max }] of Object.entries(rows)) {
        const by = (step: keyof typeof inOne) =>
          `${(p50 / inOne[step].p50).toFixed(2)}, between threads ${(p50 / inTwo[step].p50).toFixed(2)}`;
        const row = [p50, p90, p99, max].map((ms) => ms.toFixed(2));
        table.push([candidates, name, ...row, by("notification"), by("list")]);
      }
      const ratio = compare(heir, predecessor, SEED);
      if (ratio !== null) ratios.push([candidates, ratio]);
    }
    await ensemble.close();
    const text = ratios.map(([candidates, { ratio, interval }]) => {
      const [low, high] = interval.map((end) => end.toFixed(2));
      return `With ${candidates} candidates, heir's median is ${ratio.toFixed(2)} of predecessor's (${low}–${high}).\n`;
    });
    print(`${table.toString()}\n${text.join("")}${ROUNDS} failovers of each, in turns`);
  } finally {
    await scratch[Symbol.asyncDispose]();
  }
  return exitCodes.fine;
}

await runBench(parseFloor, floor);
