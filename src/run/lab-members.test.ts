/** A run on its own three servers. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseLab } from "../options/lab.ts";
import { runLab } from "./lab.ts";
import { readRun } from "./read-run.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
});

afterAll(() => rm(folder, { recursive: true }));

test("three servers serve a run like one, each its share of the candidates, and all of them are counted", async () => {
  const args = [
    "--candidates",
    "6",
    "--failovers",
    "4",
    "--scheme",
    "predecessor",
    "--out",
    join(folder, "run"),
  ];
  const options = await parseLab(args);
  if (options.type !== "measure") throw new Error("these options are those of a lab");
  const { plan } = options;
  const ensemble = { type: "embedded", servers: 3, tickTimeMs: 200, fsync: false } as const;
  const { result } = await runLab({ ...plan, ensemble }, [], new AbortController().signal);
  expect(result.environment?.server).toMatchObject({ servers: 3, embedded: true });
  const [trial] = result.trials;
  expect(trial).toMatchObject({ state: "completed" });
  for (const verdict of Object.values(trial?.verdicts ?? {})) expect(verdict).toEqual({ valid: true });
  expect(trial?.failovers.map(({ server }) => server?.lists)).toEqual([1, 1, 1, 1]);
  const { histories } = await readRun(join(folder, "run"));
  const servers = histories.flatMap(({ events }) =>
    events.flatMap((event) => (event.type === "connected" ? event.server : [])),
  );
  expect(servers.toSorted()).toEqual(["1", "1", "2", "2", "3", "3"]);
}, 60_000);
