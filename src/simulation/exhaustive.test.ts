import { beforeAll, describe, expect, test } from "vitest";
import { type Simulation, simulationWith } from "../testing/patched-simulation.ts";
import { seededBugs } from "../testing/seeded-bugs.ts";
import { quickSearches, searchTitle } from "./searches.ts";

/** Seconds of a processor, of which a busy machine may give it few. */
const WITHIN_MS = 1_800_000;

describe("every interleaving", () => {
  let simulation: Simulation;

  beforeAll(async () => {
    simulation = await simulationWith([]);
  });

  test.each(quickSearches.map((one) => [searchTitle(one), one] as const))(
    "%s",
    { timeout: WITHIN_MS },
    async (title, one) => {
      const { states, runs, seconds, found } = await simulation.search(one);
      console.log(`${title}: ${states} states, ${runs} runs, ${seconds.toFixed(1)} s`);
      expect(found?.timeline.slice(-30)).toBeUndefined();
      expect(states).toBeGreaterThan(1);
    },
  );
});

test.each([
  "claims when its watch fires, without looking who is before it",
  "waits on a predecessor that has gone meanwhile",
  "repeats a create whose reply was lost, without looking for its guid",
  "inherits without watching its own znode",
])("it finds: %s", async (name) => {
  const { edits = [] } = seededBugs.find((bug) => bug.name === name) ?? {};
  const { search } = await simulationWith(edits);
  const scheme = name.startsWith("inherits") ? "heir" : "predecessor";
  const candidates = name.startsWith("claims") ? 3 : 2;
  const { found } = await search({ scheme, candidates, faults: 1, suspendedPolicy: "strict" });
  expect(found).toBeDefined();
  expect(found?.timeline.at(-1)).toContain("VIOLATION");
});
