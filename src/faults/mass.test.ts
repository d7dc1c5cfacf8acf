import { afterAll, beforeAll, expect, test } from "vitest";
import { longestSilenceMs } from "../election/pace.ts";
import { schemeNames } from "../election/schemes.ts";
import { failovers } from "../metrics/failover.ts";
import { FaultTrials } from "../testing/fault-trials.ts";
import type { Fault } from "./fault.ts";
import { faultNamed } from "./faults.ts";
import { mass } from "./mass.ts";

const SESSION_TIMEOUT_MS = 1500;
const TICK_MS = 50;

let trials: FaultTrials;

beforeAll(async () => {
  trials = await FaultTrials.open({ tickTimeMs: TICK_MS, runId: "mass-test" });
});

afterAll(() => trials[Symbol.asyncDispose]());

test.each(schemeNames)(
  "the oldest that is left leads, and the dead join again behind all (%s)",
  async (scheme) => {
    const history = await trials.run(mass, {
      ...{ candidates: 5, sessionTimeoutMs: SESSION_TIMEOUT_MS, scheme },
    });
    const [strike] = history.strikes;
    const joined = history.events.filter((event) => event.type === "created");
    const line = joined.slice(0, 5).toSorted((a, b) => a.sequence - b.sequence);
    expect(strike?.victims).toEqual(line.slice(0, 2).map(({ candidate }) => candidate));
    expect(joined.slice(5).map(({ candidate }) => candidate)).toEqual(
      expect.arrayContaining([...(strike?.victims ?? [])]),
    );
    const [failover] = failovers(history);
    expect(failover).toMatchObject({ successor: line[2]?.candidate, unsafeMs: 0 });
    // Servers count from when they last heard of the dead, which may have been silent for a while.
    const silentMs = longestSilenceMs(5, SESSION_TIMEOUT_MS);
    expect(failover?.totalMs).toBeGreaterThan(SESSION_TIMEOUT_MS - silentMs - TICK_MS);
  },
);

test("a failover is not over before the last of the dead has been missed", async () => {
  const apart = 800;
  const oneLater: Fault = {
    ...mass,
    positions: () => [0, 3],
    async strike([first, ...others], context) {
      await mass.strike([first], context);
      await context.pass(apart);
      for (const other of others) await mass.strike([other], context);
    },
  };
  const history = await trials.run(oneLater, { candidates: 5, sessionTimeoutMs: SESSION_TIMEOUT_MS });
  const [failover] = failovers(history);
  expect(failover?.notifications).toBe(2);
  expect((failover?.settledMs ?? 0) - (failover?.totalMs ?? 0)).toBeGreaterThan(apart / 4);
});

test.each(["mass", "mass:share=1%", "mass:share=50%", "mass:share=99%"])(
  "%s strikes that share, at least two, and leaves at least one",
  (name) => {
    const fault = faultNamed(name);
    const percent = Number(/\d+/.exec(name)?.[0] ?? 33);
    for (const candidates of Array.from({ length: 198 }, (_, index) => index + 3)) {
      const places = fault?.positions(candidates) ?? [];
      expect(Math.abs(places.length - (candidates * percent) / 100)).toBeLessThan(2);
      expect(places.length).toBeGreaterThan(1);
      expect(places.length).toBeLessThan(candidates);
      expect(new Set(places).size).toBe(places.length);
      expect(places.slice(0, 2)).toEqual([0, 1]);
      expect(Math.max(...places)).toBeLessThan(candidates);
    }
  },
);

test("strikes the leader and the next one, and spreads the others over the line", () => {
  expect(mass.positions(12)).toEqual([0, 1, 5, 8]);
});
