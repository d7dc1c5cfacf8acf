/** Strikes at every place, of threads and of processes: whoever is struck, the elections stay correct. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder, live, runsInFoldersOfTheirOwn, saved } from "../testing/program-run.ts";
import { expectAllValid } from "../testing/verdicts.ts";

runsInFoldersOfTheirOwn();

test.each([
  ["threads", "", ["resign", "close"]],
  ["processes with wills", "--candidate-process --will", ["resign", "close", "kill"]],
] as const)(
  "%s that wait are struck as the leader is, and each strike is whole",
  async (_, host, acts) => {
    const options = `--candidates 4 --servers 1 --scheme predecessor,heir --tick-time 100 --out out ${host}`;
    const { child, url: address } = await live(options.trim());
    const url = new URL(address);
    const places = [1, 3, 0];
    for (const act of acts)
      for (const place of places) {
        const answer = await fetch(`${url.origin}/strike${url.search}`, {
          ...{ method: "POST", body: JSON.stringify({ act, place }) },
        });
        expect([act, place, answer.status]).toEqual([act, place, 204]);
      }
    child.kill("SIGINT");
    const { exitCode, stderr } = await child;
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("ending in order")]);
    const result = await saved(join(folder, "out"));
    for (const { failovers } of result.trials)
      expect(failovers.map(({ end }) => end)).toEqual(
        Array.from({ length: acts.length * places.length }, () => "settled"),
      );
    expectAllValid(result);
  },
  120_000,
);
