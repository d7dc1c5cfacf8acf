import { afterAll, beforeAll, expect, test } from "vitest";
import { judge } from "../checkers/checkers.ts";
import { schemes } from "../election/schemes.ts";
import { type LocalEnsemble, startLocal } from "../ensemble/local.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { defaultConditions } from "../history/conditions.ts";
import type { History } from "../history/history.ts";
import { failovers } from "../metrics/failover.ts";
import { runWhole } from "../run/whole-trials.ts";
import type { Fault } from "./fault.ts";
import { faults } from "./faults.ts";

const SESSION_TIMEOUT_MS = 3000;
const TICK_MS = 50;
const FAILOVERS = 1;
const CANDIDATES = 4;

let scratch: Scratch;
let ensemble: LocalEnsemble;
let trials = 0;

beforeAll(async () => {
  scratch = await Scratch.create();
  ensemble = await startLocal(scratch, { tickTimeMs: TICK_MS, fsync: false, runId: "network-test" });
});

afterAll(async () => {
  await ensemble.close();
  await scratch[Symbol.asyncDispose]();
});

async function run(fault: Fault): Promise<History> {
  const [history] = await runWhole(ensemble, [
    {
      ...defaultConditions,
      ...{
        trial: ++trials,
        candidates: CANDIDATES,
        failovers: FAILOVERS,
        sessionTimeoutMs: SESSION_TIMEOUT_MS,
      },
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

const created = ({ events }: History) => events.filter(({ type }) => type === "created").length;

test.each([faults.slow, faults.cut, faults["replies-lost"]])(
  "$name leaves the same leader, with its contender",
  async (fault) => {
    const history = await run(fault);
    expect(created(history)).toBe(CANDIDATES);
    expect(failovers(history).map(({ successor }) => successor)).toEqual(Array(FAILOVERS).fill(null));
    for (const { startedAt, endedAt } of history.strikes) expect(endedAt).toBeGreaterThan(startedAt);
  },
);

test.each([faults.partition, faults["requests-lost"]])(
  "$name: the next one leads, and the old one has stopped",
  async (fault) => {
    const history = await run(fault);
    expect(created(history)).toBe(CANDIDATES + FAILOVERS);
    for (const { totalMs, unsafeMs } of failovers(history)) {
      expect(totalMs).toBeGreaterThan(SESSION_TIMEOUT_MS - TICK_MS);
      expect(unsafeMs).toBe(0);
    }
  },
);
