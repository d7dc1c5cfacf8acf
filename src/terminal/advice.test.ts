import { Chalk } from "chalk";
import { expect, test } from "vitest";
import { faultsAtOnce } from "../faults/faults.ts";
import { defaultConditions } from "../history/conditions.ts";
import { adviceText } from "./advice.ts";

const plain = new Chalk({ level: 0 });
const question = { targetMs: 3000, candidates: 50 };
const protocol = { type: "assumed", ms: 4.47 } as const;
const measured = {
  ...defaultConditions,
  scheme: "predecessor",
  candidates: 10,
  fault: "freeze",
  sessionTimeoutMs: 2000,
  tickTimeMs: 200,
  n: 5,
  measuredP99Ms: 2190.4,
  modelP99Ms: 2152.8,
  modelWorstMs: 2204.5,
};

const widest = (text: string) => Math.max(...text.split("\n").map((line) => line.length));

test("a row for each tick that reaches the target, on a terminal of 80 columns", () => {
  const text = adviceText(question, protocol, [], plain, 80);
  expect(text.split("\n").slice(0, 7)).toEqual([
    "Failover within 3000 ms (p99), 50 candidates, for each tick that the servers may",
    "have, the election itself taken to be 4.47 ms:",
    "timeout  tick   p50   p99  worst  pause  cut off  beats/s",
    "   2000   100  2042  2097   2104   1333     1333      213",
    "   2809   200  2888  2999   3013   1873     1873      143",
    "   2530   500  2722  2999   3034   1687     1687      145",
    "   2066  1000  2445  3000   3070   1377     1377      171",
  ]);
  expect(text).toContain("In ms. tick: the servers' tickTime for this row; yours is in their");
  expect(text).not.toContain("measured");
});

test("what a saved run measured stands beside the model", () => {
  const text = adviceText(question, protocol, [measured], plain, 80);
  expect(text).toContain(
    [
      "scheme        N  timeout  tick  n  measured p99  model p99  model worst",
      "predecessor  10     2000   200  5          2190       2153         2205",
    ].join("\n"),
  );
  expect(text).toContain("In ms, of the saved run's leaders that fell silent.");
});

test("says from how many failovers it knows the election's time", () => {
  const text = adviceText(question, { type: "measured", ms: 4.47, n: 60 }, [], plain);
  expect(text).toContain(", the election itself measured as 4.47 ms (p99 of 60):\n");
});

test("if that many candidates were not tried: says so, which number to ask for, and what to run", () => {
  const text = (tried: readonly number[]) =>
    adviceText(question, { type: "not-tried", ms: 50, tried }, [], plain).split("\n").slice(0, 2);
  const lacking =
    `The run measured no failover with 50 candidates under predecessor by ${faultsAtOnce.join(", ")}, so ` +
    "the time that the election itself takes is unknown; ";
  const measure = "measure it: yarn bench --candidates 50 --scheme predecessor --fault resign";
  expect(text([10, 40])).toEqual([
    `${lacking}ask with --candidates 10 or 40, or ${measure}`,
    expect.stringContaining(", the election itself taken to be 50.0 ms:"),
  ]);
  expect(text([])[0]).toBe(`${lacking}${measure}`);
});

test("if the election's time under a freeze's scheme is unknown, there is no model beside it", () => {
  const text = adviceText(question, protocol, [{ ...measured, modelP99Ms: null, modelWorstMs: null }], plain);
  expect(text).toMatch(/^predecessor +10 +2000 +200 +5 +2190 +– +–$/m);
});

test("a target that no tick reaches: names the smallest one in reach, which is indeed", () => {
  const text = adviceText({ ...question, targetMs: 100 }, protocol, [], plain);
  expect(text).toBe(
    [
      "Failover within 100 ms (p99), 50 candidates, for each tick that the servers may have, the election itself taken to be 4.47 ms:",
      "No servers with a usual tick, of 100 to 3000 ms, reach that. The smallest target in reach is 298 ms, with a tick of 100 ms.",
    ].join("\n"),
  );
  expect(adviceText({ ...question, targetMs: 298 }, protocol, [], plain)).toContain("timeout  tick");
});

test("fits 80 columns, and does not break a line for a pipe", () => {
  const large = { targetMs: 600_000, candidates: 10_000 };
  const slow = { type: "not-tried", ms: 400, tried: [1000, 2000] } as const;
  const row = { ...measured, scheme: "predecessor", candidates: 10_000, sessionTimeoutMs: 60_000, n: 10_000 };
  expect(widest(adviceText(large, slow, [row], plain, 80))).toBeLessThanOrEqual(80);
  expect(adviceText(question, protocol, [measured], plain).split("\n")).toHaveLength(1 + 5 + 1 + 2 + 1);
});
