/**
 * The floor under a failover: what the protocol alone costs. Two bare sessions in one thread: one deletes a
 * znode, the other's watch fires, it lists the children. The `predecessor` scheme does the same between
 * threads, with the recipe around it; both are measured here in one run, on one server, the floor before and
 * after. Run with `yarn bench:floor [candidates]`.
 */
import { schemes } from "../src/election/scheme.ts";
import { startEmbedded } from "../src/ensemble/embedded.ts";
import { Scratch } from "../src/ensemble/scratch.ts";
import { faults } from "../src/faults/fault.ts";
import { failovers } from "../src/metrics/failover.ts";
import { summarise } from "../src/metrics/statistics.ts";
import { runTrial } from "../src/trial.ts";
import { type NativeClient, nativeClient } from "../src/zookeeper/binding.ts";

const ROUNDS = 60;
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
async function round(leader: NativeClient, successor: NativeClient, parent: string): Promise<number> {
  const path = await create(leader, `${parent}/${"0".repeat(32)}-c-`);
  let start = 0n;
  const listed = new Promise<number>((resolve) => {
    const onWatch = () =>
      successor.a_get_children(parent, false, () => resolve(Number(process.hrtime.bigint() - start) / 1e6));
    successor.aw_get(path, onWatch, () => {
      start = process.hrtime.bigint();
      leader.a_delete_(path, -1, () => undefined);
    });
  });
  return listed;
}

async function floor(connect: string, parent: string, siblings: number): Promise<number[]> {
  const leader = await bareClient(connect);
  const successor = await bareClient(connect);
  for (let made = 0; made < siblings; made++) await create(successor, `${parent}/${"f".repeat(32)}-c-`);
  const times: number[] = [];
  for (let turn = 0; turn < ROUNDS; turn++) times.push(await round(leader, successor, parent));
  leader.close();
  successor.close();
  return times;
}

function say(name: string, times: readonly number[]): number {
  const figures = summarise(times, SEED);
  if (figures === null) throw new Error(`${name} was not measured`);
  const { p50, p90, max, n } = figures;
  process.stdout.write(
    `${name.padEnd(12)} p50 ${p50.toFixed(2)}  p90 ${p90.toFixed(2)}  max ${max.toFixed(2)} ms  (n = ${n})\n`,
  );
  return p50;
}

const candidates = Number(process.argv[2] ?? 50);
const scratch = await Scratch.create();
try {
  const ensemble = await startEmbedded(scratch, { tickTimeMs: 200, fsync: true, runId: "floor" });
  const parent = await ensemble.session.create(`${ensemble.root}/floor`, "", "persistent");
  // The first rounds warm the server and this thread up.
  await floor(ensemble.connect, parent, 0);
  const before = await floor(ensemble.connect, parent, candidates - 1);
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
    },
    () => undefined,
    new AbortController().signal,
  );
  const after = await floor(ensemble.connect, parent, candidates - 1);
  await ensemble.close();
  const base = say("floor", [...before, ...after]);
  const measured = say(
    "predecessor",
    failovers(trial.history).flatMap(({ totalMs }) => totalMs ?? []),
  );
  process.stdout.write(`${(measured / base).toFixed(2)} times the floor, with ${candidates} candidates\n`);
} finally {
  await scratch[Symbol.asyncDispose]();
}
