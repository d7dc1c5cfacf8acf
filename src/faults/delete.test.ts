import { afterAll, beforeAll, expect, test } from "vitest";
import { schemeNames } from "../election/schemes.ts";
import { termsOf } from "../history/term.ts";
import { FaultTrials } from "../testing/fault-trials.ts";
import { deletion } from "./delete.ts";

let trials: FaultTrials;

beforeAll(async () => {
  trials = await FaultTrials.open({ tickTimeMs: 50, runId: "delete-test" });
});

afterAll(() => trials[Symbol.asyncDispose]());

test("under each scheme the next one leads, and the victim joins again behind all, with its session", async () => {
  const under = schemeNames.map((scheme) => ({ fault: deletion, scheme }));
  // The timeout is long enough that no lease runs out on a machine that is busy otherwise.
  const conditions = { candidates: 3, failovers: 6, sessionTimeoutMs: 20_000 };
  for (const history of await trials.runAll(under, conditions)) {
    const { scheme } = history.header;
    // A victim joins again behind all others, so it leads again when all others have been struck.
    const victims = history.strikes.map((strike) => strike.victims[0]);
    expect(new Set(victims.slice(0, 3)).size, scheme).toBe(3);
    expect(victims.slice(3), scheme).toEqual(victims.slice(0, 3));
    const struck = termsOf(history).slice(0, 6);
    expect(
      struck.map(({ reason }) => reason),
      scheme,
    ).toEqual(struck.map(() => "deleted"));
    const sessions = history.events.flatMap((event) =>
      event.type === "connected" ? `${event.candidate}: ${event.sessionHigh}/${event.sessionLow}` : [],
    );
    expect(new Set(sessions).size, scheme).toBe(3);
  }
});
