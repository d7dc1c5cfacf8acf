/**
 * The floor under a failover: what the protocol alone costs. Of two bare sessions one deletes a znode, the
 * other's watch fires (the floor), it lists N children (the recipe's floor). Once both live in one thread, and
 * once in a thread each, as candidates do: the difference is what it costs that threads wake each other. The
 * `predecessor` scheme does the same between threads, with the recipe around it.
 *
 * All are measured in turns, in one run on one server, each from rest: a real failover strikes a quiet system.
 * Run with `yarn bench:floor [candidates…]`.
 */
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import Table from "cli-table3";
import type { TrialOptions } from "../src/coordinator.ts";
import { schemes } from "../src/election/scheme.ts";
import { startEmbedded } from "../src/ensemble/embedded.ts";
import type { Ensemble } from "../src/ensemble/ensemble.ts";
import { Scratch } from "../src/ensemble/scratch.ts";
import { faults } from "../src/faults/fault.ts";
import { bundle } from "../src/installation.ts";
import { failovers } from "../src/metrics/failover.ts";
import { type Statistics, summarise } from "../src/metrics/statistics.ts";
import { ONE_TURN, runTrials } from "../src/trial.ts";
import type { NativeClient } from "../src/zookeeper/binding.ts";
import { type BareReport, type BareRequest, create, openBare, remove, watch } from "./bare-session.ts";

const ROUNDS = 100;
/** Rounds before those that count. */
const WARM_UPS = 5;
/**
 * Before each act. After so long, threads sleep, nothing is on its way, and the caches hold something else: as
 * before a real failover. After 5 ms the bare sessions would still be a third faster, being used all the time.
 */
const REST_MS = 40;
const SEED = 1;

interface Round {
  /** From the call of the delete until the watch fires, in milliseconds. */
  readonly notifiedMs: number;
  /** Until the list is there. */
  readonly listedMs: number;
}

const contender = (parent: string) => `${parent}/${"0".repeat(32)}-c-`;
const milliseconds = (from: bigint, to: bigint) => Number(to - from) / 1e6;

async function inOneThread(leader: NativeClient, successor: NativeClient, parent: string): Promise<Round> {
  const path = await create(leader, contender(parent));
  const { woken } = await watch(successor, path, parent);
  await delay(REST_MS);
  const start = remove(leader, path);
  const { notifiedAt, listedAt } = await woken;
  return { notifiedMs: milliseconds(start, notifiedAt), listedMs: milliseconds(start, listedAt) };
}

/** A bare session in a thread of its own. */
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

async function inTwoThreads(leader: BareThread, successor: BareThread, parent: string): Promise<Round> {
  leader.ask({ type: "create", prefix: contender(parent) });
  const { path } = await leader.told("created");
  successor.ask({ type: "watch", path, parent });
  await successor.told("armed");
  await delay(REST_MS);
  const woken = successor.told("woken");
  leader.ask({ type: "remove", path });
  const { at } = await leader.told("removing");
  const { notifiedAt, listedAt } = await woken;
  return { notifiedMs: milliseconds(at, notifiedAt), listedMs: milliseconds(at, listedAt) };
}

interface Floor {
  readonly oneThread: Round[];
  readonly twoThreads: Round[];
}

/** The failovers of `predecessor`, and rounds of the bare sessions before each of them. */
async function measure(
  ensemble: Ensemble,
  scratch: Scratch,
  candidates: number,
): Promise<Floor & { readonly failoversMs: number[] }> {
  const parent = await ensemble.session.create(`${ensemble.root}/floor-${candidates}`, "", "persistent");
  const leader = await openBare(ensemble.connect);
  const successor = await openBare(ensemble.connect);
  const threads = [
    await BareThread.open(ensemble.connect, scratch.folder),
    await BareThread.open(ensemble.connect, scratch.folder),
  ] as const;
  // The list is as long as the candidates' own.
  for (let made = 1; made < candidates; made++) await create(successor, `${parent}/${"f".repeat(32)}-c-`);
  const floor: Floor = { oneThread: [], twoThreads: [] };
  const options: TrialOptions = {
    trial: candidates,
    scheme: schemes.predecessor,
    schemeSource: { name: "predecessor" },
    fault: faults.resign,
    candidates,
    failovers: ROUNDS,
    sessionTimeoutMs: 10_000,
    electionName: "election",
    scratchFolder: scratch.folder,
    origin: process.hrtime.bigint(),
    betweenFailovers: async () => {
      floor.oneThread.push(await inOneThread(leader, successor, parent));
      floor.twoThreads.push(await inTwoThreads(...threads, parent));
      await delay(REST_MS);
    },
  };
  const never = new AbortController().signal;
  const turns = { ...ONE_TURN, warmUps: WARM_UPS };
  const [history] = await runTrials(ensemble, [options], turns, () => undefined, never);
  leader.close();
  successor.close();
  for (const thread of threads) {
    thread.ask({ type: "close" });
    await thread.told("closed");
  }
  if (history?.observations?.end.state !== "completed") throw new Error("the trial did not complete");
  for (const rounds of [floor.oneThread, floor.twoThreads]) rounds.splice(0, WARM_UPS);
  return { ...floor, failoversMs: failovers(history).flatMap(({ totalMs }) => totalMs ?? []) };
}

function figures(times: readonly number[]): Statistics {
  const statistics = summarise(times, SEED);
  if (statistics === null) throw new Error("nothing was measured");
  return statistics;
}

const asked = process.argv.slice(2).map(Number);
const table = new Table({
  head: ["N", "what, in ms", "p50", "p90", "p99", "max", "by the recipe's floor", "between threads"],
  style: { head: [], border: [], compact: true },
});
const scratch = await Scratch.create();
try {
  const ensemble = await startEmbedded(scratch, { tickTimeMs: 200, fsync: true, runId: "floor" });
  for (const candidates of asked.length > 0 ? asked : [10, 50, 200]) {
    const { oneThread, twoThreads, failoversMs } = await measure(ensemble, scratch, candidates);
    const recipe = figures(oneThread.map(({ listedMs }) => listedMs));
    const threaded = figures(twoThreads.map(({ listedMs }) => listedMs));
    const rows = {
      "floor: the watch fires": figures(oneThread.map(({ notifiedMs }) => notifiedMs)),
      "recipe's floor: and N are listed": recipe,
      "floor, between two threads": figures(twoThreads.map(({ notifiedMs }) => notifiedMs)),
      "recipe's floor, between threads": threaded,
      predecessor: figures(failoversMs),
    };
    for (const [name, { p50, p90, p99, max }] of Object.entries(rows)) {
      const by = (base: Statistics) => `${(p50 / base.p50).toFixed(2)}, p99 ${(p99 / base.p99).toFixed(2)}`;
      const row = [p50, p90, p99, max].map((ms) => ms.toFixed(2));
      table.push([candidates, name, ...row, by(recipe), by(threaded)]);
    }
  }
  await ensemble.close();
  process.stdout.write(`${table.toString()}\n${ROUNDS} rounds of each, in turns\n`);
} finally {
  await scratch[Symbol.asyncDispose]();
}
