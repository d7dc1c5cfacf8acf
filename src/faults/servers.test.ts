import { afterAll, beforeAll, expect, test } from "vitest";
import { judge } from "../checkers/checkers.ts";
import { schemes } from "../election/schemes.ts";
import { type LocalEnsemble, startLocal } from "../ensemble/local.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { defaultConditions } from "../history/conditions.ts";
import type { History } from "../history/history.ts";
import { failovers } from "../metrics/failover.ts";
import { runWhole } from "../run/whole-trials.ts";
import { both } from "./both.ts";
import type { Fault } from "./fault.ts";
import { faults } from "./faults.ts";

/** Long enough that a busy machine costs nobody a session that no fault ends. */
const SESSION_TIMEOUT_MS = 6000;

let scratch: Scratch;
let ensemble: LocalEnsemble;
let trials = 0;

beforeAll(async () => {
  scratch = await Scratch.create();
  ensemble = await startLocal(scratch, { servers: 3, tickTimeMs: 100, fsync: false, runId: "servers-test" });
});

afterAll(async () => {
  await ensemble.close();
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
  ({ needs, victim }) => victim === "stays" && needs.some(({ what }) => what === "servers"),
);

test.each(harmless.map((fault) => [fault.name, fault] as const))(
  "%s leaves the same leader, with the same contender, and everybody in line",
  async (_, fault) => {
    const history = await run(fault);
    expect(history.events.filter(({ type }) => type === "created")).toHaveLength(6);
    // What the servers need for an election, and the client to find one, is no more than a few seconds.
    for (const { gapMs, successor } of failovers(history)) {
      expect(gapMs).toBeLessThan(10_000);
      expect(successor).toBe(null);
    }
  },
);

test("both leaders at once: the next one leads when the servers have missed the old one for its whole timeout", async () => {
  for (const { totalMs, unsafeMs } of failovers(await run(both))) {
    expect(totalMs).toBeGreaterThan(SESSION_TIMEOUT_MS);
    expect(unsafeMs).toBe(0);
  }
});
