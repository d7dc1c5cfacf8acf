/**
 * The floor under a failover: what the protocol alone costs. Two bare sessions in one thread: one deletes a
 * znode, the other's watch fires (the floor), it lists N children (the recipe's floor). The `predecessor` scheme
 * does the same between threads, with the recipe around it. All are measured in turns, in one run on one server,
 * each from rest: a real failover strikes a quiet system. The recipe's floor of a busy thread, which strikes
 * again at once, is shown as well. Run with `yarn bench:floor [candidates…]`.
 */
import { setTimeout as delay } from "node:timers/promises";
import Table from "cli-table3";
import type { TrialOptions } from "../src/coordinator.ts";
import { schemes } from "../src/election/scheme.ts";
import { startEmbedded } from "../src/ensemble/embedded.ts";
import type { Ensemble } from "../src/ensemble/ensemble.ts";
import { Scratch } from "../src/ensemble/scratch.ts";
import { faults } from "../src/faults/fault.ts";
import { failovers } from "../src/metrics/failover.ts";
import { type Statistics, summarise } from "../src/metrics/statistics.ts";
import { ONE_TURN, runTrials } from "../src/trial.ts";
import { type NativeClient, nativeClient } from "../src/zookeeper/binding.ts";

const ROUNDS = 200;
/** Rounds before those that count. */
const WARM_UPS = 5;
/** After so long, threads sleep and nothing is on its way. */
const REST_MS = 5;
const EPHEMERAL_SEQUENTIAL = 3;
const SEED = 1;

/** A client of the addon itself, without a session of ours around it. */
function bareClient(connect: string): Promise<NativeClient> {
  const Client = nativeClient();
  const client = new Client();
  return new Promise((resolve) => {
    client.emit = (event) => event === "connect" && resolve(client);
    client.init({
      connect,
      timeout: 30_000,
      debug_level: 0,
      host_order_deterministic: false,
      response_counter_limit: 5000,
    });
  });
}

function create(client: NativeClient, prefix: string): Promise<string> {
  return new Promise((resolve) => {
    client.a_create(prefix, "", EPHEMERAL_SEQUENTIAL, (_code, _text, path) => resolve(path));
  });
}

interface Round {
  /** From the call of the delete until the watch fires, in milliseconds. */
  readonly notifiedMs: number;
  /** Until the list is there. */
  readonly listedMs: number;
}

async function round(
  leader: NativeClient,
  successor: NativeClient,
  parent: string,
  restMs: number,
): Promise<Round> {
  const path = await create(leader, `${parent}/${"0".repeat(32)}-c-`);
  let start = 0n;
  const since = () => Number(process.hrtime.bigint() - start) / 1e6;
  let armed: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    armed = resolve;
  });
  const over = new Promise<Round>((resolve) => {
    const onWatch = () => {
      const notifiedMs = since();
      successor.a_get_children(parent, false, () => resolve({ notifiedMs, listedMs: since() }));
    };
    successor.aw_get(path, onWatch, () => armed());
  });
  await ready;
  if (restMs > 0) await delay(restMs);
  start = process.hrtime.bigint();
  leader.a_delete_(path, -1, () => undefined);
  return over;
}

interface Floor {
  readonly rested: Round[];
  readonly busy: Round[];
}

/** The failovers of `predecessor`, and rounds of the bare sessions before each of them. */
async function measure(
  ensemble: Ensemble,
  scratch: Scratch,
  candidates: number,
): Promise<Floor & { readonly failoversMs: number[] }> {
  const parent = await ensemble.session.create(`${ensemble.root}/floor-${candidates}`, "", "persistent");
  const leader = await bareClient(ensemble.connect);
  const successor = await bareClient(ensemble.connect);
  // The list is as long as the candidates' own.
  for (let made = 1; made < candidates; made++) await create(successor, `${parent}/${"f".repeat(32)}-c-`);
  const floor: Floor = { rested: [], busy: [] };
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
      floor.busy.push(await round(leader, successor, parent, 0));
      floor.rested.push(await round(leader, successor, parent, REST_MS));
      await delay(REST_MS);
    },
  };
  const never = new AbortController().signal;
  const turns = { ...ONE_TURN, warmUps: WARM_UPS };
  const [history] = await runTrials(ensemble, [options], turns, () => undefined, never);
  leader.close();
  successor.close();
  if (history?.observations?.end.state !== "completed") throw new Error("the trial did not complete");
  for (const rounds of [floor.rested, floor.busy]) rounds.splice(0, WARM_UPS);
  return { ...floor, failoversMs: failovers(history).flatMap(({ totalMs }) => totalMs ?? []) };
}

function figures(times: readonly number[]): Statistics {
  const statistics = summarise(times, SEED);
  if (statistics === null) throw new Error("nothing was measured");
  return statistics;
}

const asked = process.argv.slice(2).map(Number);
const table = new Table({
  head: ["N", "what, in ms", "p50", "p90", "p99", "max", "by the recipe's floor: p50", "p99"],
  style: { head: [], border: [] },
});
const scratch = await Scratch.create();
try {
  const ensemble = await startEmbedded(scratch, { tickTimeMs: 200, fsync: true, runId: "floor" });
  for (const candidates of asked.length > 0 ? asked : [10, 50, 200]) {
    const { rested, busy, failoversMs } = await measure(ensemble, scratch, candidates);
    const recipe = figures(rested.map(({ listedMs }) => listedMs));
    const rows = {
      "floor: the watch fires": figures(rested.map(({ notifiedMs }) => notifiedMs)),
      "recipe's floor: and N are listed": recipe,
      "recipe's floor, busy thread": figures(busy.map(({ listedMs }) => listedMs)),
      predecessor: figures(failoversMs),
    };
    for (const [name, { p50, p90, p99, max }] of Object.entries(rows)) {
      const ratios = [p50 / recipe.p50, p99 / recipe.p99].map((ratio) => ratio.toFixed(2));
      table.push([candidates, name, ...[p50, p90, p99, max].map((ms) => ms.toFixed(2)), ...ratios]);
    }
  }
  await ensemble.close();
  process.stdout.write(`${table.toString()}\n${ROUNDS} rounds of each, in turns\n`);
} finally {
  await scratch[Symbol.asyncDispose]();
}
