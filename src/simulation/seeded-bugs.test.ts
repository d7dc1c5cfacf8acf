/** A simulation that finds nothing proves nothing: every bug of the list must be found, and by what it breaks. */
import { expect, test } from "vitest";
import { simulationWith } from "./patched.ts";
import { seededBugs } from "./seeded-bugs.ts";

/** Each one in this time, on one core. */
const WITHIN_MS = 40_000;

test.each(seededBugs)("random walks find: $name", async ({ name, edits, breaks }) => {
  const { walk } = await simulationWith(edits);
  const seed = Date.now() % 2 ** 31;
  const { found, schedules, seconds } = await walk({ seed, forMs: WITHIN_MS, shrink: false });
  const invariant = found?.violation.invariant ?? "none";
  console.log(`(${invariant}) after ${schedules} schedules, ${seconds.toFixed(1)} s, seed ${seed}: ${name}`);
  expect(breaks, found?.violation.message).toContain(invariant);
});

test("the code as it is has none of them", async () => {
  const { walk } = await simulationWith([]);
  const { found } = await walk({ seed: Date.now() % 2 ** 31, forMs: 3000 });
  expect(found).toBeUndefined();
});

test("a patch whose text is no longer there is refused", async () => {
  const edit = { file: "election/term.ts", from: "nobody wrote this", to: "" };
  await expect(simulationWith([edit])).rejects.toThrow(
    "in election/term.ts this does not stand exactly once",
  );
});
