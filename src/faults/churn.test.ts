import { afterAll, beforeAll, expect, test } from "vitest";
import { FaultTrials, settledClaims } from "../testing/fault-trials.ts";
import { churn } from "./churn.ts";
import type { StrikeContext } from "./fault.ts";

const SESSION_TIMEOUT_MS = 1500;

let trials: FaultTrials;

beforeAll(async () => {
  trials = await FaultTrials.open({ tickTimeMs: 50, runId: "churn-test" });
});

afterAll(() => trials[Symbol.asyncDispose]());

test.each(["children", "heir"] as const)(
  "the older half goes and comes back behind all others, and the oldest leads in the end (%s)",
  async (scheme) => {
    const history = await trials.run(churn, {
      ...{ candidates: 5, sessionTimeoutMs: SESSION_TIMEOUT_MS, scheme },
    });
    const created = history.events.filter((event) => event.type === "created");
    const line = created.slice(0, 5).toSorted((a, b) => a.sequence - b.sequence);
    const older = line.slice(0, 3).map(({ candidate }) => candidate);
    const [strike] = history.strikes;
    expect(strike?.victims).toEqual(older);
    const struck = history.events.filter((event) => event.type === "fault").map(({ victim }) => victim);
    expect(struck[0]).toBe(older[0]);
    expect(struck.toSorted()).toEqual(older.toSorted());
    const back = created.slice(5).map(({ candidate }) => candidate);
    expect(back.toSorted()).toEqual(older.toSorted());
    expect(settledClaims(history).at(-1)?.candidate).toBe(line[3]?.candidate);
  },
);

test("the leader goes first, all come back, and nobody waits for longer than they go", async () => {
  const acts: string[] = [];
  const context: Partial<StrikeContext> = {
    ...{ failover: 1, timing: { sessionTimeoutMs: 1000, tickTimeMs: 100 } },
    // The highest number that there is.
    random: () => 1 - 2 ** -53,
    pass: async (ms) => expect(ms).toBeLessThanOrEqual(2000),
    strike: (candidate) => void acts.push(`${candidate} goes`),
    comeBack: async ([candidate]) => void acts.push(`${candidate} is back`),
    healed: () => void acts.push("over"),
  };
  await churn.strike([4, 2, 7], context as StrikeContext);
  expect([acts[0], acts.at(-1)]).toEqual(["4 goes", "over"]);
  for (const candidate of [4, 2, 7])
    expect(acts.indexOf(`${candidate} is back`)).toBeGreaterThan(acts.indexOf(`${candidate} goes`));
  expect(acts).toHaveLength(7);
});
