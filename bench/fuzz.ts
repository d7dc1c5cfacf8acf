/**
 * Fuzzes the library against a real server: in each round, sessions and elections are made, used, reset, and
 * left from inside every callback and event (fuzz-round.ts). Each round is a separate process, so that an abort
 * is noticed. No process may die of a signal, hang, leave a rejection unhandled, or leave a znode on the
 * server.
 *
 * Run with `yarn bench:fuzz`. A round has a seed, which is printed with its findings. The same seed draws the
 * same numbers. Not promised: the same round, since the clock decides who draws next.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { type LocalEnsemble, startLocal } from "../src/ensemble/local.ts";
import { Scratch } from "../src/ensemble/scratch.ts";
import { exitCodes } from "../src/lab-error.ts";
import { TcpRelay } from "../src/network/tcp-relay.ts";
import { type FuzzOptions, parseFuzz } from "../src/options/bench-fuzz.ts";
import { print } from "../src/output.ts";
import { bundle } from "../src/package-root.ts";
import type { RoundMessage, RoundOptions } from "./fuzz-round.ts";
import { interruption, runBench } from "./run-bench.ts";

const TICK_TIME_MS = 200;
const LANES = 4;
const RELAYS = 3;
/** A round takes a second or two, and reports itself what has not settled after twenty more. */
const ENDS_WITHIN_MS = 40_000;
/** The longest session timeout, and the server's rounding. */
const GONE_WITHIN_MS = 8000;
/** The number of a round's last acts to print. */
const TOLD = 15;

async function fuzz({ forMs, seed }: FuzzOptions): Promise<number> {
  const signal = interruption();
  print(`seed ${seed}`);
  const scratch = await Scratch.create();
  const ensemble = await startLocal(scratch, { tickTimeMs: TICK_TIME_MS, fsync: false, runId: "fuzz" });
  const end = performance.now() + forMs;
  let [rounds, found] = [0, 0];
  const lane = async () => {
    while (performance.now() < end && !signal.aborted) {
      const number = ++rounds;
      const own = seed + number - 1;
      const { wrong, last } = await round(ensemble, own);
      if (wrong.length === 0) continue;
      found++;
      const again = `yarn bench:fuzz --seed ${own} --for 1s`;
      const lines = [`round ${number}, seed ${own}: ${wrong.join("\n  ")}`, ...last, again];
      print(lines.join("\n  "));
    }
  };
  try {
    await Promise.all(Array.from({ length: LANES }, lane));
  } finally {
    await ensemble.close();
    await scratch[Symbol.asyncDispose]();
  }
  print(`${rounds} rounds: ${found === 0 ? "nothing" : `something in ${found} of them`}`);
  if (found > 0) return exitCodes.falseVerdict;
  return signal.aborted ? exitCodes.interrupted : exitCodes.fine;
}

/** The problems of a round, and its last acts. */
interface Outcome {
  readonly wrong: string[];
  readonly last: readonly string[];
}

async function round(ensemble: LocalEnsemble, seed: number): Promise<Outcome> {
  const [{ address: target }] = ensemble.members;
  const relays: TcpRelay[] = [];
  for (let n = 0; n < RELAYS; n++) relays.push(await TcpRelay.start({ target, carries: "bytes" }));
  const path = `${ensemble.root}/round-${seed}`;
  try {
    const connects = relays.map(({ connect }) => connect);
    const options: RoundOptions = { seed, relays: connects, path, tickTimeMs: TICK_TIME_MS };
    const outcome = await played(options, relays);
    const left = await remains(ensemble, path);
    if (left.length > 0) outcome.wrong.push(`left on the server: ${left.join(", ")}`);
    return outcome;
  } finally {
    for (const relay of relays) await relay[Symbol.asyncDispose]();
  }
}

async function played(options: RoundOptions, relays: readonly TcpRelay[]): Promise<Outcome> {
  const child = spawn(process.execPath, [bundle("fuzz-program.cjs"), JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const last: string[] = [];
  const wrong: string[] = [];
  let over = false;
  let complaint = "";
  child.stderr.on("data", (text) => {
    complaint += text;
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    const message = JSON.parse(line) as RoundMessage;
    switch (message.type) {
      case "act":
        last.push(`${message.act}, inside ${message.inside}`);
        if (last.length > TOLD) last.shift();
        return;
      case "reset":
        relays[message.relay]?.dropConnections();
        return;
      case "cut":
        relays[message.relay]?.cut();
        return;
      case "heal":
        relays[message.relay]?.heal();
        return;
      case "over":
        over = true;
        wrong.push(...message.wrong);
        return;
      default:
        message satisfies never;
    }
  });
  const end = await ended(child);
  if (end !== undefined) wrong.push(over ? `${end}, though all was closed` : end);
  if (complaint !== "") wrong.push(`it says: ${complaint.trim()}`);
  return { wrong, last };
}

/** @returns how it ended, unless it ended cleanly */
async function ended(child: ChildProcess): Promise<string | undefined> {
  let hung = false;
  const patience = setTimeout(() => {
    hung = true;
    child.kill("SIGKILL");
  }, ENDS_WITHIN_MS);
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.once("close", (code, signal) => resolve([code, signal])),
  );
  clearTimeout(patience);
  if (hung) return `hung for ${ENDS_WITHIN_MS / 1000} s`;
  if (signal !== null) return `died of ${signal}`;
  return code === 0 ? undefined : `exited with ${code}`;
}

/** Everything that is left below the path after any session has ended; removes it all. */
async function remains({ session }: LocalEnsemble, path: string): Promise<string[]> {
  const deadline = performance.now() + GONE_WITHIN_MS;
  let names = (await session.children(path)) ?? [];
  while (names.length > 0 && performance.now() < deadline) {
    await delay(50);
    names = (await session.children(path)) ?? [];
  }
  for (const name of names) await session.remove(`${path}/${name}`);
  await session.remove(path);
  return names;
}

await runBench(parseFuzz, fuzz);
