import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { withChosenTimeout } from "./chosen-timeout.ts";
import { grid } from "./grid.ts";
import { parseLab } from "./lab.ts";

/** The session timeouts of the trials, and what is said before. */
async function planned(line: string) {
  const options = await parseLab(line.split(" "));
  if (options.type === "words") throw new Error(options.words);
  const { groups, cautions } = options.plan;
  const timeouts = groups.flatMap(({ trials }) => trials.map(({ sessionTimeoutMs }) => sessionTimeoutMs));
  return { timeouts: new Set(timeouts), cautions };
}

/** So many that the default is too short for them here. */
const many = 1000 * availableParallelism();

test("few candidates have the default", async () => {
  expect(await planned("--candidates 50")).toEqual({ timeouts: new Set([4000]), cautions: [] });
});

test("of more candidates than it can bear, one is chosen for all trials, and said", async () => {
  const { timeouts, cautions } = await planned(`--candidates 10,${many}`);
  expect(timeouts).toEqual(new Set([12_000]));
  expect(cautions).toEqual([
    `session timeout 12 s, chosen for ${many.toLocaleString("en")} candidates on ${availableParallelism()} processors; ` +
      "--session-timeout sets another",
  ]);
});

test("what a predefined part of a bench has for itself holds", () => {
  const crowded = grid.map((axes) => ({ ...axes, candidates: [1000] }));
  const { planned: chosen, cautions } = withChosenTimeout(crowded, new Set(), 1);
  const timeouts = chosen.map(({ sessionTimeoutMs }) => sessionTimeoutMs);
  expect(timeouts).toEqual([[12_000], [2000], [1000]]);
  expect(cautions[0]).toContain("session timeout 12 s, chosen for 1,000 candidates on 1 processors");
});

test("what was typed holds, even the default itself", async () => {
  expect(await planned(`--candidates ${many} --session-timeout 4000`)).toEqual({
    timeouts: new Set([4000]),
    cautions: [],
  });
});
