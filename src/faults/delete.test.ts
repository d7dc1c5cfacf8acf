import { afterAll, beforeAll, expect, test } from "vitest";
import { judge } from "../checkers/checkers.ts";
import { schemeNames, schemes } from "../election/schemes.ts";
import { type LocalEnsemble, startLocal } from "../ensemble/local.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { defaultConditions } from "../history/conditions.ts";
import { termsOf } from "../history/term.ts";
import { runWhole } from "../run/whole-trials.ts";
import { deletion } from "./delete.ts";

let scratch: Scratch;
let ensemble: LocalEnsemble;

beforeAll(async () => {
  scratch = await Scratch.create();
  ensemble = await startLocal(scratch, { tickTimeMs: 50, fsync: true, runId: "delete-test" });
});

afterAll(async () => {
  await ensemble.close();
  await scratch[Symbol.asyncDispose]();
});

test.each(schemeNames)(
  "the next one leads, and the victim joins again behind all, with its session (%s)",
  async (name) => {
    const [history] = await runWhole(ensemble, [
      {
        ...defaultConditions,
        ...{ trial: 1, candidates: 3, failovers: 6, sessionTimeoutMs: 2000, electionName: name },
        ...{ scheme: schemes[name], schemeSource: { name }, fault: deletion },
        ...{ scratchFolder: scratch.folder, origin: process.hrtime.bigint() },
      },
    ]);
    if (history === undefined) throw new Error("a trial has a history");
    expect(history.observations?.end).toEqual({ state: "completed" });
    const { cleanup: _, ...verdicts } = judge(history);
    expect(Object.values(verdicts)).toEqual(Object.values(verdicts).map(() => ({ valid: true })));

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
