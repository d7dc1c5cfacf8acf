import { afterAll, beforeAll, expect, test } from "vitest";
import { failovers } from "../metrics/failover.ts";
import { FaultTrials, settledClaims } from "../testing/fault-trials.ts";
import { herdReturn } from "./herd-return.ts";

const SESSION_TIMEOUT_MS = 1500;
const CANDIDATES = 5;

let trials: FaultTrials;

beforeAll(async () => {
  trials = await FaultTrials.open({ tickTimeMs: 50, runId: "herd-return-test" });
});

afterAll(() => trials[Symbol.asyncDispose]());

test.each(["children", "heir"] as const)(
  "all come back with new sessions, and one of them leads (%s)",
  async (scheme) => {
    const history = await trials.run(herdReturn, {
      ...{ candidates: CANDIDATES, sessionTimeoutMs: SESSION_TIMEOUT_MS, scheme },
    });
    const [strike] = history.strikes;
    const since = history.events.filter(({ at }) => at > (strike?.startedAt ?? Number.NaN));
    const created = since.filter((event) => event.type === "created");
    expect(created.map(({ candidate }) => candidate).toSorted()).toEqual([0, 1, 2, 3, 4]);
    const [oldest] = created.toSorted((a, b) => a.sequence - b.sequence);
    const [claim, ...more] = settledClaims(history).filter((event) => since.includes(event));
    expect([claim?.sequence, more]).toEqual([oldest?.sequence, []]);
    const [failover] = failovers(history);
    expect(failover?.successor).toBe(claim?.candidate);
    // All sessions end before anybody comes back.
    expect(failover?.totalMs).toBeGreaterThan(SESSION_TIMEOUT_MS);
    expect(failover?.returnMs).toBeGreaterThan(0);
    expect(failover?.returnMs).toBeLessThan(failover?.settledMs ?? Number.NaN);
  },
);
