import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { History } from "../history/history.ts";
import { failovers } from "../metrics/failover.ts";
import { Network } from "../network/network.ts";
import { loadScripts } from "../options/script-file.ts";
import { FaultTrials } from "../testing/fault-trials.ts";
import { both } from "./both.ts";
import type { Fault } from "./fault.ts";
import { faults } from "./faults.ts";
import { isolatedLeader } from "./isolated-leader.ts";

/** Long enough that a busy machine costs nobody a session that no fault ends. */
const SESSION_TIMEOUT_MS = 6000;
const TICK_MS = 100;

let network: Network;
let trials: FaultTrials;

beforeAll(async () => {
  network = await Network.open({ origin: process.hrtime.bigint(), seed: 1 });
  trials = await FaultTrials.open({ servers: 3, tickTimeMs: TICK_MS, runId: "servers-test", network });
});

afterAll(async () => {
  await trials[Symbol.asyncDispose]();
  await network[Symbol.asyncDispose]();
});

const run = (fault: Fault) => trials.run(fault, { candidates: 6, sessionTimeoutMs: SESSION_TIMEOUT_MS });

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

test("the fault of docs/write-a-fault.md: the old leader has stopped when the next one leads", async () => {
  const page = await readFile(join(import.meta.dirname, "..", "..", "docs", "write-a-fault.md"), "utf8");
  const [, code = ""] = /```ts\n(.*?)```/s.exec(page) ?? [];
  const folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  const path = join(folder, "strike.ts");
  await writeFile(path, code);
  const [fault] = (await loadScripts(`script:${path}`)).values();
  await rm(folder, { recursive: true });
  if (fault === undefined) throw new Error("the page has a fault");
  const sessionTimeoutMs = SESSION_TIMEOUT_MS / 2;
  const history = await trials.run(fault, { candidates: 4, sessionTimeoutMs });
  const struck = history.events.filter((event) => event.type === "server");
  expect(struck.map(({ state }) => state)).toEqual(["paused", "cut-off", "back", "back"]);
  expect(history.strikes).toMatchObject([{ fault: "three-at-once", expects: { leader: "next" } }]);
  for (const { totalMs, unsafeMs, heldMs } of failovers(history)) {
    expect(totalMs).toBeGreaterThan(sessionTimeoutMs - TICK_MS);
    expect(heldMs).toBeLessThan(sessionTimeoutMs);
    expect(unsafeMs).toBe(0);
  }
});
