import { expect, test } from "vitest";
import { FEWEST_NUMBERS } from "../metrics/forecast.ts";
import { parseBench } from "./bench.ts";
import type { MeasureOptions } from "./run-flags.ts";

async function parsed(...args: readonly string[]): Promise<MeasureOptions["plan"]> {
  const options = await parseBench(["--growth", ...args]);
  if (options.type !== "measure") throw new Error(options.type);
  return options.plan;
}

const trialsOf = ({ groups }: MeasureOptions["plan"]) => groups.flatMap(({ trials }) => trials);

test("--growth tries many numbers of candidates under every scheme, on one server and on three", async () => {
  const trials = trialsOf(await parsed());
  expect(new Set(trials.map(({ servers }) => servers))).toEqual(new Set([1, 3]));
  for (const name of ["predecessor", "leader", "children", "heir"]) {
    const own = trials.filter(
      ({ scheme, servers, join }) => scheme.name === name && servers === 1 && join === "by-list",
    );
    expect(own.length, name).toBeGreaterThanOrEqual(FEWEST_NUMBERS);
  }
  expect(trials.every(({ restMs, failovers }) => restMs !== undefined && failovers >= 5)).toBe(true);
  // All have as many threads, or their growth would be measured as well.
  for (const { candidates, perThread } of trials) expect(Math.ceil(candidates / perThread)).toBe(10);
  // All have one timeout: with several there would be several kinds of trials.
  expect(new Set(trials.map(({ sessionTimeoutMs }) => sessionTimeoutMs)).size).toBe(1);
});

test("says how long it takes, and what it leaves out since all would list all", async () => {
  const plan = await parsed("--candidates", "10,3000,10000", "--servers", "1", "--failovers", "6");
  const tried = trialsOf(plan).map(({ scheme, candidates, join }) => `${scheme.name} ${candidates} ${join}`);
  expect(tried).toEqual([
    ...["predecessor 10 by-list", "leader 10 by-list", "children 10 by-list", "heir 10 by-list"],
    ...["predecessor 3000 by-list", "heir 3000 by-list", "predecessor 3000 by-number", "heir 3000 by-number"],
    ...["predecessor 10000 by-number", "heir 10000 by-number"],
  ]);
  expect(plan.cautions).toEqual([
    "--candidates 10,3000,10000: costs are measured, but with fewer than 5 numbers nothing is foretold",
    expect.stringMatching(
      /^leader, joining by-list, is not measured with 3,000 candidates or more: .* 2\.\d GB/,
    ),
    expect.stringMatching(/^children, joining by-list, is not measured with 3,000 candidates or more/),
    expect.stringMatching(
      /^predecessor, joining by-list, is not measured with 10,000 .* send 2\.5 GB of names/,
    ),
    expect.stringMatching(/^heir, joining by-list, is not measured with 10,000 candidates or more/),
    expect.stringMatching(/^this takes about \d+ min, on two cores/),
  ]);
});

test("takes what was typed instead of its own, and no other grid", async () => {
  const trials = trialsOf(
    await parsed("--candidates", "5,7", "--scheme", "heir", "--servers", "3", "--join", "by-list"),
  );
  expect(trials.map(({ candidates, servers }) => [candidates, servers])).toEqual([
    [5, 3],
    [7, 3],
  ]);
  await expect(parsed("--quick")).rejects.toThrow("--growth and --quick have grids of their own");
});
