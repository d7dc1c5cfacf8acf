import { expect, test } from "vitest";
import type { TrialResult } from "../../export/result.ts";
import { runOf, trialOf } from "../../testing/report-run.ts";
import { trialTable } from "./trials.ts";

const titles = (...trials: TrialResult[]) =>
  [...trialTable([runOf("r", trials)]).text.matchAll(/<th scope[^>]*>(.*?)<\/th>/g)].map(
    ([, title]) => title,
  );

const plain = trialOf(1, "predecessor", 10, 0);
const ensemble = { leader: 3, leaderChanges: [{ failover: 1, leader: 2 }], candidatesPerServer: null };

test("a trial's conditions have columns, those that go without saying only where they were other ones", () => {
  expect(titles(plain).slice(0, 6)).toEqual(["trial", "scheme", "N", "fault", "timeout, ms", "n"]);
  expect(titles(plain, { ...plain, delay: "20ms" })).toContain("delay");
  expect(titles(plain, { ...plain, servers: 3 })).toContain("servers");
});

test("who led the servers has a column where it is known", () => {
  expect(titles(plain)).not.toContain("servers’ leader");
  const trial = { ...plain, servers: 3, ensemble };
  expect(titles(plain, trial)).toContain("servers’ leader");
  expect(trialTable([runOf("r", [trial])]).text).toContain("server 3, then server 2");
});
