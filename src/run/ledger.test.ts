import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readHistories, readParts } from "../history/reader.ts";
import { chronicleOf } from "../history/told.ts";
import { LabError } from "../lab-error.ts";
import { sampleResult } from "../testing/samples.ts";
import { Story } from "../testing/story.ts";
import { Ledger } from "./ledger.ts";
import { HISTORY, RunFolder } from "./run-folder.ts";
import { trialResult } from "./trial-result.ts";

let base: string;
let folder: RunFolder;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  folder = await RunFolder.create(join(base, "run"));
});

afterEach(() => rm(base, { recursive: true, force: true }));

const { environment } = sampleResult();
const remains = { znodes: 0, watches: 0, files: 0, processes: 0 };

/** Two failovers of 2 ms and 4 ms, and the parts in which they are heard. */
function twoFailovers() {
  const story = new Story({ failovers: 2 });
  for (const candidate of [0, 1, 2]) story.joins(candidate, candidate);
  story.claims(4, 0);
  story.fault(10, 1, 0).wakes(11, 1).claims(12, 1).settles(15, 1);
  story.fault(20, 2, 1).wakes(21, 2).claims(24, 2).settles(25, 2);
  const history = story.told(remains);
  const told = [...chronicleOf(history)];
  const second = told.findIndex((one) => "strike" in one && one.strike.failover === 2);
  return { history, parts: [told.slice(0, second), told.slice(second)] };
}

test("a trial that is heard in parts has the result and the history of the whole", async () => {
  const { history, parts } = twoFailovers();
  const ledger = new Ledger(history.header, folder);
  for (const part of parts) await ledger.hear(part);
  expect(ledger.p50).toBe(2);
  expect(ledger.result(history, 1, environment)).toEqual(trialResult(history, 1, environment));
  await ledger.close(history);
  expect(await readHistories(join(folder.path, HISTORY))).toEqual([history]);
});

test("what was heard is on the disk before the trial ends", async () => {
  const { history, parts } = twoFailovers();
  await new Ledger(history.header, folder).hear(parts[0] ?? []);
  const told: unknown[] = [];
  for await (const part of readParts(join(folder.path, HISTORY))) if ("told" in part) told.push(...part.told);
  expect(told).toEqual(parts[0]);
});

test("a trial of which nothing was heard has a history as well", async () => {
  const { history } = twoFailovers();
  const ledger = new Ledger(history.header, folder);
  await ledger.close(history);
  expect(await readHistories(join(folder.path, HISTORY))).toEqual([{ ...history, strikes: [], events: [] }]);
});

test("if a part cannot be written, the result has it nevertheless, and the file does not pass for whole", async () => {
  const { history, parts } = twoFailovers();
  const ledger = new Ledger(history.header, folder);
  const error = new LabError("io", "the disk is full");
  const { continueHistory } = folder;
  folder.continueHistory = () => Promise.reject(error);
  await ledger.hear(parts[0] ?? []);
  folder.continueHistory = continueHistory;
  await ledger.hear(parts[1] ?? []);
  expect(ledger.result(history, 1, environment)).toEqual(trialResult(history, 1, environment));
  await expect(ledger.close(history)).rejects.toBe(error);
  await expect(readHistories(join(folder.path, HISTORY))).rejects.toThrow("cut off before the end");
});
