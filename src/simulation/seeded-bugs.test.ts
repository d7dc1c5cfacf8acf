/**
 * A simulation that finds nothing proves nothing: it must find every bug of the list, by the invariant that the
 * bug breaks.
 */
import { expect, test } from "vitest";
import { simulationWith } from "../testing/patched-simulation.ts";
import { seededBugs } from "../testing/seeded-bugs.ts";

/**
 * Schedules. The rarest bug is found once in 12,000, and a core plays about 1,000 a second: most take a second
 * or two, and one in a hundred thousand runs needs more than this.
 */
const AT_MOST = 150_000;
/** However busy the machine is. */
const WITHIN_MS = 1_800_000;

test.each(seededBugs)("random walks find: $name", { timeout: WITHIN_MS }, async ({ name, edits, breaks }) => {
  const { walk } = await simulationWith(edits);
  const seed = Date.now() % 2 ** 31;
  const { found, schedules, seconds } = await walk({
    seed,
    forMs: WITHIN_MS,
    atMost: AT_MOST,
    shrink: false,
  });
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
