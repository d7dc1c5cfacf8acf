/**
 * Measures how often a healthy leader's lease runs out because its machine is busy, and how much of it was left
 * at the worst moment: the price of a lease that is certain. One leader is on a follower of three servers,
 * while busy processes take the processors. Run with `yarn bench:lapses --for 60s`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { Election } from "../src/election/election.ts";
import { startMembers } from "../src/ensemble/local-members.ts";
import { leaderOf } from "../src/ensemble/member.ts";
import { Scratch } from "../src/ensemble/scratch.ts";
import { exitCodes } from "../src/lab-error.ts";
import { type LapsesOptions, parseLapses } from "../src/options/bench-lapses.ts";
import { print } from "../src/output.ts";
import { hostAndPort } from "../src/zookeeper/connect-string.ts";
import { openSession } from "../src/zookeeper/open-session.ts";
import { runBench } from "./run-bench.ts";

/**
 * Ticks and session timeouts, from the tightest that ZooKeeper grants by default, two ticks, to a usual one.
 */
const pairs = [
  { tickTimeMs: 200, timeoutMs: 1000 },
  { tickTimeMs: 500, timeoutMs: 1000 },
  { tickTimeMs: 500, timeoutMs: 4000 },
  { tickTimeMs: 2000, timeoutMs: 4000 },
  { tickTimeMs: 2000, timeoutMs: 10_000 },
];

const HOUR_MS = 3_600_000;
/** Time for the election to begin and to end. */
const MARGIN_MS = 20_000;

interface Held {
  readonly beats: number;
  readonly ends: number;
  /** The least time left on the lease when it was renewed. */
  readonly leastLeftMs: number;
  /** The longest time from a sync to its answer. */
  readonly longestMs: number;
}

async function lead(connect: string, pair: (typeof pairs)[number], forMs: number): Promise<Held> {
  const session = await openSession({ connect, timeoutMs: pair.timeoutMs });
  const election = new Election(session, { path: "/lapses/election", tickTimeMs: pair.tickTimeMs });
  const held = { beats: 0, ends: 0, leastLeftMs: Number.POSITIVE_INFINITY, longestMs: 0 };
  let until: number | undefined;
  election.on("beat", () => {
    held.beats++;
    const { last } = election.session.contacts;
    if (last !== undefined) held.longestMs = Math.max(held.longestMs, last.answeredAt - last.sentAt);
    if (until !== undefined) held.leastLeftMs = Math.min(held.leastLeftMs, until - performance.now());
    until = election.term?.validUntil;
  });
  election.on("ended", (_, reason) => {
    if (reason !== "resigned") held.ends++;
  });
  await election.campaign();
  await delay(forMs);
  await election.resign();
  await session.close();
  return held;
}

/** They end by themselves, whatever happens to this process. */
function busy(processes: number, forMs: number): ChildProcess[] {
  const program = `for (const end = Date.now() + ${forMs}; Date.now() < end; );`;
  return Array.from({ length: processes }, () => spawn(process.execPath, ["-e", program]));
}

async function measure({ forMs }: LapsesOptions): Promise<number> {
  for (const load of [0, 2 * availableParallelism()]) {
    print(`${load} busy processes beside three servers, ${forMs / 1000} s each:`);
    for (const pair of pairs) {
      const scratch = await Scratch.create();
      let others: readonly ChildProcess[] = [];
      try {
        const { tickTimeMs } = pair;
        const { members } = await startMembers(scratch, { servers: 3, tickTimeMs, fsync: false });
        const leader = await leaderOf(members);
        const follower = members.find((member) => member !== leader) ?? leader;
        others = busy(load, forMs + MARGIN_MS);
        const held = await lead(hostAndPort(follower.address), pair, forMs);
        print(
          `  tick ${pair.tickTimeMs}, timeout ${pair.timeoutMs} ms: ${held.ends} ends of a term in ${held.beats} beats ` +
            `(${((held.ends * HOUR_MS) / forMs).toFixed(0)} an hour); least left ` +
            `${held.leastLeftMs.toFixed(0)} ms, longest answer ${held.longestMs.toFixed(0)} ms`,
        );
      } finally {
        for (const other of others) other.kill("SIGKILL");
        await scratch[Symbol.asyncDispose]();
      }
    }
  }
  return exitCodes.fine;
}

await runBench(parseLapses, measure);
