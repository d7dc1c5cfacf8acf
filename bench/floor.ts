/**
 * The floor under a failover: what the protocol alone costs. Two bare sessions in one thread: one deletes a
 * znode, the other's watch fires, it lists the children. The `predecessor` scheme does the same between
 * threads, with the recipe around it. Both are measured in turns, in one run on one server, each from rest: a
 * real failover strikes a quiet system. The floor of a busy thread, which strikes again at once, is shown as
 * well. Run with `yarn bench:floor [candidates]`.
 */
import { setTimeout as delay } from "node:timers/promises";
import { schemes } from "../src/election/scheme.ts";
import { startEmbedded } from "../src/ensemble/embedded.ts";
import { Scratch } from "../src/ensemble/scratch.ts";
import { faults } from "../src/faults/fault.ts";
import { failovers } from "../src/metrics/failover.ts";
import { summarise } from "../src/metrics/statistics.ts";
import { runTrial } from "../src/trial.ts";
import { type NativeClient, nativeClient } from "../src/zookeeper/binding.ts";

const ROUNDS = 200;
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

/** Milliseconds from the call of the delete to the list's answer. */
async function round(
  leader: NativeClient,
  successor: NativeClient,
  parent: string,
  restMs: number,
): Promise<number> {
  const path = await create(leader, `${parent}/${"0".repeat(32)}-c-`);
  let start = 0n;
  let armed: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    armed = resolve;
  });
  const listed = new Promise<number>((resolve) => {
    const onWatch = () =>
      successor.a_get_children(parent, false, () => resolve(Number(process.hrtime.bigint() - start) / 1e6));
    successor.aw_get(path, onWatch, () => armed());
  });
  await ready;
  if (restMs > 0) await delay(restMs);
  start = process.hrtime.bigint();
  leader.a_delete_(path, -1, () => undefined);
  return listed;
}

function say(name: string, times: readonly number[]): number {
  const figures = summarise(times, SEED);
  if (figures === null) throw new Error(`${name} was not measured`);
  const { p50, p90, max, n } = figures;
  process.stdout.write(
    `${name.padEnd(18)} p50 ${p50.toFixed(2)}  p90 ${p90.toFixed(2)}  max ${max.toFixed(2)} ms  (n = ${n})\n`,
  );
  return p50;
}

const candidates = Number(process.argv[2] ?? 50);
const scratch = await Scratch.create();
try {
  const ensemble = await startEmbedded(scratch, { tickTimeMs: 200, fsync: true, runId: "floor" });
  const parent = await ensemble.session.create(`${ensemble.root}/floor`, "", "persistent");
  const leader = await bareClient(ensemble.connect);
  const successor = await bareClient(ensemble.connect);
  // The list is as long as the candidates' own.
  for (let made = 1; made < candidates; made++) await create(successor, `${parent}/${"f".repeat(32)}-c-`);
  const rested: number[] = [];
  const busy: number[] = [];
  const trial = await runTrial(
    ensemble,
    {
      trial: 1,
      scheme: schemes.predecessor,
      schemeSource: { name: "predecessor" },
      fault: faults.resign,
      candidates,
      failovers: ROUNDS,
      sessionTimeoutMs: 4000,
      electionName: "election",
      scratchFolder: scratch.folder,
      origin: process.hrtime.bigint(),
      betweenFailovers: async () => {
        busy.push(await round(leader, successor, parent, 0));
        rested.push(await round(leader, successor, parent, REST_MS));
        await delay(REST_MS);
      },
    },
    () => undefined,
    new AbortController().signal,
  );
  leader.close();
  successor.close();
  await ensemble.close();
  const measured = say(
    "predecessor",
    failovers(trial.history).flatMap(({ totalMs }) => totalMs ?? []),
  );
  const ratio = (floor: number) => (measured / floor).toFixed(2);
  const fromRest = say("floor, from rest", rested);
  const fromWork = say("floor, from work", busy);
  process.stdout.write(`${candidates} candidates: ${ratio(fromRest)} times the floor from rest, `);
  process.stdout.write(`${ratio(fromWork)} times the floor from work\n`);
} finally {
  await scratch[Symbol.asyncDispose]();
}
