import { rmSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Result, TrialResult } from "../export/result.ts";
import { resultSchema } from "../export/result-schema.ts";
import { readHistories } from "../history/reader.ts";
import { parseBench } from "../options/bench.ts";
import { parseLab } from "../options/lab.ts";
import { expectAllValid } from "../testing/verdicts.ts";
import { type Run, runLab } from "./lab.ts";
import type { RunPlan } from "./plan.ts";
import type { Observer, RunProgress } from "./progress.ts";
import { resultOf, trialResult } from "./trial-result.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function planFor(...args: string[]): Promise<RunPlan> {
  return planOf(await parseLab(["--out", join(folder, "run"), ...args]));
}

function planOf(options: Awaited<ReturnType<typeof parseLab | typeof parseBench>>): RunPlan {
  if (options.type !== "measure") throw new Error(`nothing is to be measured: ${options.type}`);
  return options.plan;
}

function runWhole(plan: RunPlan, ...observers: readonly Observer[]): Promise<Run> {
  return runLab(plan, observers, new AbortController().signal);
}

/** The schema's objections to a result; none for a valid one. */
function complaints(result: unknown): string[] {
  const validate = new Ajv({ allErrors: true }).compile(JSON.parse(resultSchema()));
  return validate(result)
    ? []
    : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

async function saved(): Promise<Result> {
  return JSON.parse(await readFile(join(folder, "run", "result.json"), "utf8")) as Result;
}

test("trials that differ only in their scheme share threads, and all observers are told the same", async () => {
  const args = ["--candidates", "3", "--failovers", "2", "--fault", "resign,follower", "--scheme", "all"];
  const told: RunProgress[][] = [[], []];
  const observers = told.map((list) => (progress: RunProgress) => void list.push(progress));
  const { result } = await runWhole(await planFor(...args), ...observers);
  const [first, second] = told;
  expect(first?.map(({ type }) => type)).toEqual(expect.arrayContaining(["opening", "failover", "closing"]));
  expect(second).toEqual(first);
  const started = result.trials.filter(({ enrolment }) => enrolment !== null);
  expect(started.map(({ trial }) => trial)).toEqual([1, 5]);
  expect(first?.filter(({ type }) => type === "leaving")).toHaveLength(2);
  const ended = first?.flatMap((progress) => (progress.type === "trial-ended" ? progress.plan.trial : []));
  expect(ended).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  for (const { failovers } of result.trials) expect(failovers).toHaveLength(2);
  expectAllValid(result);
});

test("lists multiply into trials; all is saved, by the schema, with a history that goes with it", async () => {
  const args = ["--candidates", "3,5", "--failovers", "2", "--fault", "resign,follower"];
  const { result } = await runWhole(await planFor(...args));
  const tried = result.trials.map(({ fault, candidates, scheme }) => `${fault} ${candidates} ${scheme}`);
  expect(tried).toEqual([
    "resign 3 predecessor",
    "resign 3 leader",
    "resign 3 heir",
    "resign 5 predecessor",
    "resign 5 leader",
    "resign 5 heir",
    "follower 3 predecessor",
    "follower 3 leader",
    "follower 3 heir",
    "follower 5 predecessor",
    "follower 5 leader",
    "follower 5 heir",
  ]);
  expect(await saved()).toEqual(JSON.parse(JSON.stringify(result)));
  expect(complaints(await saved())).toEqual([]);
  const histories = await readHistories(join(folder, "run", "history.jsonl.gz"));
  expect(histories.map(({ header }) => header.trial)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

describe("a trial that fails", () => {
  /** A scheme that has no answer once there are three, followed by the others. */
  async function argsFor(...others: string[]): Promise<string[]> {
    const file = join(folder, "fails.mjs");
    await writeFile(
      file,
      `export const scheme = {
        name: "fails",
        watchesChildren: false,
        decide({ contenders, position }) {
          if (contenders.length === 3) throw new Error("no idea");
          return position === 0 ? { type: "lead" } : { type: "watch", contender: contenders[position - 1] };
        },
        notifications: () => 1,
      };`,
    );
    return ["--scheme", [file, ...others].join(), "--candidates", "3"];
  }

  const failed = { scheme: "fails", state: "errored", reason: "scheme fails: decide() fails: no idea" };

  test("does not end later ones, and is reported with its reason", async () => {
    const { result } = await runWhole(
      await planFor(...(await argsFor("predecessor", "heir")), "--failovers", "2"),
    );
    expect(result.trials).toMatchObject([
      failed,
      { scheme: "predecessor", state: "completed" },
      { scheme: "heir", state: "completed" },
    ]);
    for (const { failovers } of result.trials.slice(1)) expect(failovers).toHaveLength(2);
    expect(result.run.state).toBe("failed");
    expect(complaints(await saved())).toEqual([]);
    const histories = await readHistories(join(folder, "run", "history.jsonl.gz"));
    expect(histories.map(({ header }) => header.trial)).toEqual([1, 2, 3]);
  });

  test("does not end those that took turns with it: they start again without it", async () => {
    const options = await parseBench([
      "--out",
      join(folder, "run"),
      ...(await argsFor("predecessor", "leader")),
      "--failovers",
      "2",
    ]);
    const { result } = await runWhole(planOf(options));
    expect(result.trials).toMatchObject([
      failed,
      { scheme: "predecessor", state: "completed" },
      { scheme: "leader", state: "completed" },
    ]);
    for (const { failovers, verdicts } of result.trials.slice(1)) {
      expect(failovers.map(({ failover }) => failover)).toEqual([1, 2]);
      expect(Object.values(verdicts).map(({ valid }) => valid)).not.toContain(false);
    }
    expect(result.run.state).toBe("failed");
  });
});

test("an interrupted run is saved as such, by the schema", async () => {
  const interruption = new AbortController();
  const args = ["--candidates", "3", "--failovers", "500"];
  const interrupt: Observer = (progress) => {
    if (progress.type === "failover" && progress.failover === 3) interruption.abort();
  };
  await runLab(await planFor(...args), [interrupt], interruption.signal);
  const result = await saved();
  expect(result.run.state).toBe("interrupted");
  expect(result.trials).toHaveLength(1);
  expect(result.trials[0]).toMatchObject({ state: "aborted", reason: "interrupted" });
  expect(result.trials[0]?.verdicts.singleLeader).toEqual({ valid: true });
  expect(complaints(result)).toEqual([]);
});

describe("a folder that is gone, as if it could no longer be written to", () => {
  const gone = () => rmSync(join(folder, "run"), { recursive: true });

  test("at the end: the whole result, with what is lost", async () => {
    const args = ["--candidates", "2", "--failovers", "2"];
    const { result, unsaved } = await runWhole(
      await planFor(...args),
      ({ type }) => type === "closing" && gone(),
    );
    expect(result.run.state).toBe("completed");
    expect(result.trials.map(({ failovers }) => failovers.length)).toEqual([2, 2, 2]);
    expect(result.trials.map(({ verdicts }) => verdicts.cleanup)).toEqual(
      result.trials.map(() => ({ valid: true })),
    );
    expect(unsaved).toMatchObject({ code: "io", message: expect.stringContaining("result.json: cannot be") });
  });

  test("in the middle: every trial that was measured by then", async () => {
    const args = ["--candidates", "2,3", "--failovers", "2", "--scheme", "predecessor,leader"];
    const options = await parseBench([...args, "--out", join(folder, "run")]);
    let ended = 0;
    const { result, unsaved } = await runWhole(
      planOf(options),
      ({ type }) => type === "trial-ended" && ++ended === 1 && gone(),
    );
    expect(result.run).toMatchObject({ state: "interrupted", plannedTrials: 4 });
    expect(result.trials).toMatchObject([
      { scheme: "predecessor", candidates: 2, state: "completed" },
      { scheme: "leader", candidates: 2, state: "completed" },
    ]);
    expect(unsaved).toMatchObject({
      code: "io",
      message: expect.stringContaining("history.jsonl.gz: cannot be"),
    });
  });
});

test("the schema refuses what breaks the contract", async () => {
  const args = ["--candidates", "2", "--failovers", "1", "--scheme", "predecessor"];
  await runWhole(await planFor(...args));
  const { run, ...rest } = await saved();
  expect(complaints({ run: { ...run, state: "finished" }, ...rest })).not.toEqual([]);
  expect(complaints(rest)).not.toEqual([]);
  const [trial] = rest.trials;
  expect(complaints({ run, ...rest, trials: [{ ...trial, summary: {} }] })).not.toEqual([]);
});

test("a saved history gives the same result, to the last digit", async () => {
  const args = ["--candidates", "3,4,6", "--failovers", "5"];
  await runWhole(await planFor(...args));
  const { run, environment, trials, analysis } = await saved();
  const histories = await readHistories(join(folder, "run", "history.jsonl.gz"));
  const again = resultOf(
    run,
    environment,
    histories.map((history) => trialResult(history, run.seed, environment)),
    [],
  );
  // Files and processes are checked when the history is already closed.
  const withoutCleanup = ({ verdicts: { cleanup: _, ...verdicts }, ...rest }: TrialResult) => ({
    ...rest,
    verdicts,
  });
  expect(JSON.parse(JSON.stringify(again.trials.map(withoutCleanup)))).toEqual(trials.map(withoutCleanup));
  expect(JSON.parse(JSON.stringify(again.analysis))).toEqual(analysis);
});
