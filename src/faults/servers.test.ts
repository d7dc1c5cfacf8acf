import { afterAll, beforeAll, expect, test } from "vitest";
import { judge } from "../checkers/checkers.ts";
import { schemes } from "../election/schemes.ts";
import { type LocalEnsemble, startLocal } from "../ensemble/local.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { defaultConditions } from "../history/conditions.ts";
import type { History } from "../history/history.ts";
import { failovers } from "../metrics/failover.ts";
import { Network } from "../network/network.ts";
import { runWhole } from "../run/whole-trials.ts";
import { both } from "./both.ts";
import type { Fault } from "./fault.ts";
import { faults } from "./faults.ts";
import { isolatedLeader } from "./isolated-leader.ts";

const SESSION_TIMEOUT_MS = 3000;
const TICK_MS = 100;

let scratch: Scratch;
let network: Network;
let ensemble: LocalEnsemble;
let trials = 0;

beforeAll(async () => {
  scratch = await Scratch.create();
  network = await Network.open({ origin: process.hrtime.bigint(), seed: 1 });
  ensemble = await startLocal(scratch, {
    ...{ servers: 3, tickTimeMs: TICK_MS, fsync: false, runId: "servers-test", network },
  });
});

afterAll(async () => {
  await ensemble.close();
  await network[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});

async function run(fault: Fault): Promise<History> {
  const [history] = await runWhole(ensemble, [
    {
      ...defaultConditions,
      ...{ trial: ++trials, candidates: 6, failovers: 1, sessionTimeoutMs: SESSION_TIMEOUT_MS },
      ...{ scheme: schemes.heir, schemeSource: { name: "heir" }, fault, electionName: fault.name },
      ...{ scratchFolder: scratch.folder, origin: process.hrtime.bigint() },
    },
  ]);
  if (history === undefined) throw new Error("a trial has a history");
  expect(history.observations?.end).toEqual({ state: "completed" });
  const { cleanup: _, ...verdicts } = judge(history);
  expect(verdicts).toEqual(Object.fromEntries(Object.keys(verdicts).map((name) => [name, { valid: true }])));
  return history;
}

const harmless = Object.values<Fault>(faults).filter(
  (fault) =>
    fault !== isolatedLeader &&
    fault.victim === "stays" &&
    fault.needs.some(({ what }) => what === "servers") &&
    // Its servers have disks of their own.
    fault.needs.every(({ what }) => what !== "disk"),
);

function expectTheSame(history: History): void {
  expect(history.events.filter(({ type }) => type === "created")).toHaveLength(6);
  const told = history.events.filter((event) => event.type === "server");
  const struck = told.filter(({ state }) => state !== "back");
  expect(struck).not.toEqual([]);
  for (const { server, at } of struck)
    expect(told.find((event) => event.server === server && event.at > at)).toMatchObject({ state: "back" });
  // What the servers need for an election, and the client to find one, is no more than a few seconds.
  for (const { gapMs, successor } of failovers(history)) {
    expect(gapMs).toBeLessThan(10_000);
    expect(successor).toBe(null);
  }
}

test.each(harmless.map((fault) => [fault.name, fault] as const))(
  "%s leaves the same leader, with the same contender, and everybody in line",
  async (_, fault) => expectTheSame(await run(fault)),
);

test("both leaders at once: the next one leads when the servers have missed the old one for its whole timeout", async () => {
  for (const { totalMs, unsafeMs } of failovers(await run(both))) {
    expect(totalMs).toBeGreaterThan(SESSION_TIMEOUT_MS);
    expect(unsafeMs).toBe(0);
  }
});

test("an isolated leader serves the elected one until its syncLimit is over, and no lease outlasts the session", async () => {
  const history = await run(isolatedLeader);
  expectTheSame(history);
  const { events, strikes } = history;
  const [strike] = strikes;
  if (strike === undefined) throw new Error("it struck");
  const [victim] = strike.victims;
  const own = events.filter(({ at, candidate }) => candidate === victim && at > strike.startedAt);
  const since = (at: number | undefined) => ((at ?? Number.NaN) - strike.startedAt) / 1e6;
  const lost = since(own.find(({ type }) => type === "suspended")?.at);
  // The lab's limit is ten ticks; they count from the last answer, so a little before the cut.
  expect(lost).toBeGreaterThan(8 * TICK_MS);
  const lease = own.find((event) => event.type === "leased");
  expect(since(lease?.until)).toBeGreaterThan(lost);
  // The others lead without it when this much has passed, and give each session its whole timeout.
  expect(since(lease?.until)).toBeLessThan(10 * TICK_MS + SESSION_TIMEOUT_MS);
  expect(since(strike.endedAt ?? undefined)).toBeGreaterThan(lost);
});
