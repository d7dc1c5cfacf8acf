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

test.each(schemeNames)(
  "the next one leads, and the victim joins again behind all, with its session (%s)",
  async (scheme) => {
    const history = await trials.run(deletion, {
      ...{ candidates: 3, failovers: 6, sessionTimeoutMs: 2000, scheme },
    });

    // A victim joins again behind all others, so it leads again when all others have been struck.
    const victims = history.strikes.map((strike) => strike.victims[0]);
    expect(new Set(victims.slice(0, 3)).size).toBe(3);
    expect(victims.slice(3)).toEqual(victims.slice(0, 3));
    const struck = termsOf(history).slice(0, 6);
    expect(struck.map(({ reason }) => reason)).toEqual(struck.map(() => "deleted"));
    const sessions = history.events.flatMap((event) =>
      event.type === "connected" ? `${event.candidate}: ${event.sessionHigh}/${event.sessionLow}` : [],
    );
    expect(new Set(sessions).size).toBe(3);
  },
);
