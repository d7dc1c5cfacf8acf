import { afterAll, beforeAll, expect, test } from "vitest";
import type { History } from "../history/history.ts";
import { failovers } from "../metrics/failover.ts";
import { FaultTrials } from "../testing/fault-trials.ts";
import type { Fault } from "./fault.ts";
import { faults } from "./faults.ts";

const SESSION_TIMEOUT_MS = 3000;
const TICK_MS = 50;
const FAILOVERS = 1;
const CANDIDATES = 4;

let trials: FaultTrials;

beforeAll(async () => {
  trials = await FaultTrials.open({ tickTimeMs: TICK_MS, runId: "network-test" });
});

afterAll(() => trials[Symbol.asyncDispose]());

const run = (fault: Fault) =>
  trials.run(fault, {
    ...{ candidates: CANDIDATES, failovers: FAILOVERS, sessionTimeoutMs: SESSION_TIMEOUT_MS },
  });

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
