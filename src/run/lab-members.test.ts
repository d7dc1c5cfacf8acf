/** Runs on several servers of their own. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseLab } from "../options/lab.ts";
import { expectAllValid } from "../testing/verdicts.ts";
import { type Run, runLab } from "./lab.ts";
import type { Observer } from "./progress.ts";
import { readRun, type SavedRun } from "./read-run.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
});

afterEach(() => rm(folder, { recursive: true }));

interface Watching {
  readonly observer?: Observer;
  readonly signal?: AbortSignal;
  readonly before?: SavedRun;
}

async function lab(
  args: readonly string[],
  { observer = () => undefined, signal = new AbortController().signal, before }: Watching = {},
): Promise<Run> {
  const usual = ["--scheme", "predecessor", "--no-fsync", "--out", join(folder, "run")];
  const options = await parseLab([...usual, ...args]);
  if (options.type !== "measure") throw new Error("these options are those of a lab");
  return runLab(options.plan, [observer], signal, before);
}

async function serversOfCandidates(): Promise<string[]> {
  const { histories } = await readRun(join(folder, "run"));
  return histories.flatMap(({ events }) =>
    events.flatMap((event) => (event.type === "connected" ? event.server : [])),
  );
}

test("three servers serve a run like one, each its share of the candidates, and all of them are counted", async () => {
  const { result } = await lab(["--servers", "3", "--candidates", "6", "--failovers", "4"]);
  expect(result.environment.server).toMatchObject({ servers: 3, spread: "even", embedded: true });
  const [trial] = result.trials;
  expect(trial).toMatchObject({
    state: "completed",
    servers: 3,
    ensemble: { leader: expect.any(Number), leaderChanges: [], candidatesPerServer: [2, 2, 2] },
  });
  expectAllValid(result);
  const lists = trial?.failovers.map(({ server }) => server?.lists ?? null) ?? [];
  expect(lists).toHaveLength(4);
  // On a busy machine a heartbeat may fall into every look, and then nobody knows. In trial-counts.test.ts,
  // which runs alone, each is known.
  expect(lists.filter((count) => count !== null && count !== 1)).toEqual([]);
  expect((await serversOfCandidates()).toSorted()).toEqual(["1", "1", "2", "2", "3", "3"]);
}, 60_000);

test.each(["leader", "followers"])(
  "candidates connect to %s",
  async (spread) => {
    const { result } = await lab([
      "--servers",
      "3",
      "--spread",
      spread,
      "--candidates",
      "4",
      "--failovers",
      "1",
    ]);
    const ensemble = result.trials[0]?.ensemble;
    const leader = (ensemble?.leader ?? 0) - 1;
    const shares = spread === "leader" ? { leader: 4, other: 0 } : { leader: 0, other: 2 };
    expect(ensemble?.candidatesPerServer).toEqual(
      [0, 1, 2].map((server) => (server === leader ? shares.leader : shares.other)),
    );
  },
  60_000,
);

test("an ensemble for each number of servers, one after the other; a run that ends between them goes on", async () => {
  const args = ["--servers", "1,3", "--candidates", "3", "--failovers", "2"];
  const interruption = new AbortController();
  const observer: Observer = ({ type }) => type === "trial-ended" && interruption.abort();
  const first = await lab(args, { observer, signal: interruption.signal });
  expect(first.result).toMatchObject({
    run: { state: "interrupted", plannedTrials: 2 },
    environment: { server: { servers: 3 } },
    trials: [{ servers: 1, state: "completed", ensemble: null }],
  });
  const { result } = await lab(args, { before: await readRun(join(folder, "run")) });
  expect(result.run.state).toBe("completed");
  expect(result.trials).toMatchObject([
    { trial: 1, servers: 1, ensemble: null },
    { trial: 2, servers: 3, ensemble: { candidatesPerServer: [1, 1, 1] } },
  ]);
  expectAllValid(result);

  await rm(join(folder, "run"), { recursive: true });
  const told: unknown[] = [];
  const whole = await lab(args, { observer: ({ type }) => told.push(type) });
  expect(whole.result.trials.map(({ servers }) => servers)).toEqual([1, 3]);
  expect(told.filter((type) => type === "changing-ensemble")).toHaveLength(1);
}, 120_000);
