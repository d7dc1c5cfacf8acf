import { cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { csv } from "../export/csv.ts";
import { json } from "../export/json.ts";
import { markdown } from "../export/markdown.ts";
import { appendHistory } from "../history/writer.ts";
import { analyse } from "../metrics/analysis.ts";
import { countedFailover, sampleComparison, sampleResult, sampleTrial } from "../testing/samples.ts";
import { Story } from "../testing/story.ts";
import { readRun } from "./read-run.ts";
import { HISTORY, RunFolder } from "./run-folder.ts";

let base: string;
let folder: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  folder = join(base, "run");
});

afterEach(() => rm(base, { recursive: true, force: true }));

const trials = [sampleTrial(), sampleTrial({ trial: 2, scheme: "leader" })];
const result = sampleResult({ trials, analysis: analyse(trials, 1) });
const story = (trial: number) => new Story({ trial }).joins(0, 0).claims(1, 0).fault(5, 1, 0).fault(7, 2, 0);
const histories = [story(1).told(), story(2).told()];

async function save(saved: object = result): Promise<void> {
  const run = await RunFolder.create(folder);
  for (const history of histories) await appendHistory(join(run.path, HISTORY), history);
  await writeFile(join(folder, "result.json"), JSON.stringify(saved));
}

test("a run comes back as it was saved", async () => {
  await save();
  expect(await readRun(folder)).toEqual({ folder, result, histories });
});

test("result.json in the folder names it as well", async () => {
  await save();
  expect(await readRun(join(folder, "result.json"))).toEqual({ folder, result, histories });
});

test("a run that was killed while it wrote keeps the trials before", async () => {
  await save();
  const file = join(folder, "history.jsonl.gz");
  await truncate(file, (await readFile(file)).length - 20);
  expect(await readRun(folder)).toEqual({ folder, result, histories: histories.slice(0, 1) });
});

test("conclusions of an earlier version from a few failovers are not repeated", async () => {
  const { comparisons: _, uncompared: __, growth } = result.analysis;
  await save({ ...result, analysis: { comparisons: [sampleComparison()], growth } });
  const { analysis } = (await readRun(folder)).result;
  expect(analysis.comparisons).toEqual([]);
  expect(analysis.uncompared).toMatchObject([
    { scheme: "leader", measure: "failoverMs", n: 2, baselineN: 2 },
    { scheme: "leader", measure: "settledMs", n: 2, baselineN: 2 },
  ]);
});

test("a run that was killed before its first trial has no history", async () => {
  const run = await RunFolder.create(folder);
  await run.save(sampleResult({ trials: [] }));
  expect((await readRun(folder)).histories).toEqual([]);
});

describe("wrong usage, with the path and the next step", () => {
  async function expectRefused(path: string, message: string | RegExp): Promise<void> {
    await expect(readRun(path)).rejects.toMatchObject({
      name: "LabError",
      code: "usage",
      message: typeof message === "string" ? message : expect.stringMatching(message),
    });
  }

  test("no such folder", () =>
    expectRefused(folder, `${folder}: no such folder; name the folder of a run, as in runs/`));

  test("a file that is not a result.json", async () => {
    await save();
    const file = join(folder, "history.jsonl.gz");
    await expectRefused(file, `${file}: not a run; name its folder, or result.json in it`);
  });

  test("no result.json in the folder", async () => {
    await mkdir(folder);
    const file = join(folder, "result.json");
    await expectRefused(folder, `${file}: no such file; name the folder of a run, as in runs/`);
  });

  test.each([
    ["not JSON", '{"schema":', /result\.json: not JSON \(.*\); name another run$/],
    ["JSON of something else", "[]", /result\.json: its schema is none, and this version reads /],
    ["nothing", "null", /result\.json: its schema is none, /],
    [
      "of another schema",
      '{"schema":"zk-election-lab/result@2"}',
      /its schema is "zk-election-lab\/result@2", /,
    ],
    [
      "half of it",
      '{"schema":"zk-election-lab/result@1"}',
      /result\.json: not a whole result; name another run$/,
    ],
    [
      "with half a trial",
      '{"schema":"zk-election-lab/result@1","run":{},"environment":{},"trials":[{}]}',
      /not a whole result/,
    ],
  ])("a result that is %s", async (_what, text, message) => {
    await save();
    await writeFile(join(folder, "result.json"), text);
    await expectRefused(folder, message);
  });

  test("the history is missing", async () => {
    await save();
    await rm(join(folder, "history.jsonl.gz"));
    await expectRefused(
      folder,
      /history\.jsonl\.gz: no such file; copy the folder of the run as a whole, or/,
    );
  });

  test.each([
    ["cut off inside the first trial", (bytes: Buffer) => bytes.subarray(0, 40), /is cut off before the end/],
    ["empty", () => Buffer.alloc(0), /is cut off before the end/],
    ["no gzip", () => Buffer.from("{}"), /cannot be read \(incorrect header check\)/],
  ])("the history is %s", async (_what, spoil, message) => {
    await save();
    const file = join(folder, "history.jsonl.gz");
    await writeFile(file, spoil(await readFile(file)));
    await expectRefused(folder, message);
  });
});

test("a result of version 0.4.0 does not say how many trials were planned", async () => {
  const { plannedTrials: _, plannedFailovers: __, ...run } = result.run;
  await save({ ...result, run });
  const planned = { plannedTrials: null, plannedFailovers: null };
  expect((await readRun(folder)).result.run).toEqual({ ...run, ...planned });
});

test("a result of version 0.10.0 says of no threshold whether it held, and nobody decides it later", async () => {
  const { thresholds: _, ...old } = result;
  const argv = ["bench", "--ensure", "predecessor.failoverMs.p50<50"];
  await save({ ...old, run: { ...old.run, argv } });
  expect((await readRun(folder)).result.thresholds).toBeNull();
});

test("figures that an earlier version lacks are computed from the history if it exists", async () => {
  const old = JSON.parse(json(result));
  for (const trial of old.trials)
    for (const failover of trial.failovers)
      for (const name of ["disconnects", "busyMs"]) delete failover[name];
  const told = story(1).event(7.1, 1, "suspended", {}).event(7.2, 1, "caughtUp", { busyMicros: 2500 }).told();
  const run = await RunFolder.create(folder);
  await appendHistory(join(run.path, HISTORY), told);
  await writeFile(join(folder, "result.json"), JSON.stringify(old));
  const [first, lost] = (await readRun(folder)).result.trials;
  expect(first?.failovers).toMatchObject([
    { totalMs: 2, disconnects: 0, busyMs: null },
    { totalMs: 4, disconnects: 1, busyMs: 2.5 },
  ]);
  expect(lost?.failovers[1]).toMatchObject({ totalMs: 4, disconnects: 0, busyMs: null });
});

describe("a result of version 0.6.0 says the number of servers only once", () => {
  /** A run as that version wrote it, on these servers. */
  async function readEarlier(server: { readonly servers: number; readonly embedded: boolean }) {
    const old = JSON.parse(json(result));
    Object.assign(old.environment.server, server);
    for (const name of ["spread", "jvmOptions", "zooCfg"]) delete old.environment.server[name];
    for (const trial of old.trials) for (const name of ["servers", "ensemble"]) delete trial[name];
    const run = await RunFolder.create(folder);
    for (const told of histories) {
      const { servers: _, ...header } = told.header;
      await appendHistory(join(run.path, HISTORY), { ...told, header: header as typeof told.header });
    }
    await writeFile(join(folder, "result.json"), JSON.stringify(old));
    return readRun(folder);
  }

  test("a user's own ensemble had as many as it named", async () => {
    const { result, histories } = await readEarlier({ servers: 3, embedded: false });
    expect(result.trials.map(({ servers, ensemble }) => ({ servers, ensemble }))).toEqual([
      { servers: 3, ensemble: null },
      { servers: 3, ensemble: null },
    ]);
    expect(result.environment.server).toMatchObject({ spread: null, jvmOptions: [], zooCfg: [] });
    expect(histories.map(({ header }) => header.servers)).toEqual([3, 3]);
  });

  test("the lab's own was one", async () => {
    const { result, histories } = await readEarlier({ servers: 1, embedded: true });
    expect(result.trials.map(({ servers }) => servers)).toEqual([1, 1]);
    expect(result.environment.server).toMatchObject({ spread: "even", jvmOptions: [], zooCfg: [] });
    expect(histories.map(({ header }) => header.servers)).toEqual([1, 1]);
  });
});

test("in a result of version 0.2.0 an old leader could act for as long as it believed", async () => {
  const old = JSON.parse(json(result));
  for (const trial of old.trials) {
    delete trial.counter;
    delete trial.verdicts.fencing;
    for (const field of ["overlapMs", "unsafeMs", "staleWrites"]) delete trial.summary[field];
    for (const [index, failover] of trial.failovers.entries()) {
      delete failover.unsafeMs;
      delete failover.staleWrites;
      failover.overlapMs = index === 0 ? 7 : null;
    }
  }
  old.trials.push({ ...old.trials[0], trial: 3 });
  await save(old);
  const [trial, , lost] = (await readRun(folder)).result.trials;
  expect(trial?.verdicts.fencing).toEqual({ valid: true });
  expect(lost?.verdicts.fencing).toMatchObject({ valid: "unknown" });
  expect(trial).toMatchObject({
    counter: "none",
    failovers: [
      { unsafeMs: 7, staleWrites: null },
      { unsafeMs: null, staleWrites: null },
    ],
    summary: { overlapMs: { n: 1, p50: 7 }, unsafeMs: { n: 1, p50: 7 }, staleWrites: null },
  });
});

describe("a result of version 0.1.0", () => {
  /** A run as that version wrote it. */
  function earlier() {
    const { analysis: _, ...rest } = JSON.parse(json(result));
    delete rest.environment.clockCostNs;
    for (const trial of rest.trials) {
      delete trial.trial;
      delete trial.prediction;
      delete trial.summary.outliers;
      delete trial.summary.failoverMs.mad;
      trial.summary.settledMs = { p50: trial.summary.settledMs.p50 };
      for (const failover of trial.failovers) {
        delete failover.atMs;
        failover.server = { packetsSent: 6, packetsReceived: 2 };
      }
    }
    return rest;
  }

  test("missing values are computed if possible, and existing ones stay", async () => {
    await save(earlier());
    const run = await readRun(folder);
    const [first, second] = run.result.trials;
    expect([first?.trial, second?.trial]).toEqual([1, 2]);
    expect(first?.failovers.map(({ atMs }) => atMs)).toEqual([5, 7]);
    expect(first?.failovers[0]?.server).toMatchObject({ packetsSent: 6, packetsReceived: 2, lists: null });
    expect(first?.summary.failoverMs).toEqual(result.trials[0]?.summary.failoverMs);
    expect(first?.summary.settledMs).toMatchObject({ n: 2, min: 2.5, p50: 3.25, max: 4, mad: 0.75 });
    expect(first).toMatchObject({ prediction: { failoverMs: { low: 0 } }, summary: { outliers: [] } });
    expect(run.result.analysis).toEqual(result.analysis);
    expect(run.result.environment.clockCostNs).toBeNaN();
  });

  test("nothing is filled in if nothing was measured", async () => {
    const old = earlier();
    old.trials = [
      {
        ...old.trials[0],
        failovers: [],
        summary: { ...old.trials[0].summary, failoverMs: null, settledMs: null },
      },
    ];
    await save(old);
    const { summary } = (await readRun(folder)).result.trials[0] ?? {};
    expect(summary).toMatchObject({ failoverMs: null, settledMs: null });
  });

  test("a failover whose history was lost has no time, but is still exported", async () => {
    const old = earlier();
    old.trials.push({ ...old.trials[0], failovers: [countedFailover()].map(({ atMs: _, ...rest }) => rest) });
    await save(old);
    const run = await readRun(folder);
    expect(run.result.trials[2]?.failovers[0]?.atMs).toBeNaN();
    expect(csv(run.result)).toContain(
      "\n3,predecessor,50,resign,4000,none,1,thread,1,by-list,none,1,settled,,0,1,2,",
    );
    expect(markdown(run.result)).not.toContain("NaN");
  });
});

test("a folder that was copied elsewhere is read there", async () => {
  await save();
  await cp(folder, join(base, "copy"), { recursive: true });
  expect((await readRun(join(base, "copy"))).folder).toBe(join(base, "copy"));
});
