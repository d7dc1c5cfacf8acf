import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appendHistory, type History, readHistories } from "./history.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-history-"));
});
afterAll(() => rm(folder, { recursive: true }));

const first: History = {
  header: {
    trial: 1,
    scheme: "predecessor",
    candidates: 2,
    fault: "resign",
    failovers: 1,
    sessionTimeoutMs: 4000,
    unseatsLeader: true,
    boundMs: 5000,
    expectedNotifications: 1,
  },
  events: [
    { at: 1, candidate: 0, type: "created", sequence: -5, czxid: Number.MAX_SAFE_INTEGER },
    { at: 2.5e12, candidate: -1, type: "fault", failover: 1, victim: 0 },
    { at: 2.5e12 + 1, candidate: 0, type: "ended", sequence: -5, reason: "resigned" },
  ],
  remains: { znodes: 0, watches: null, files: 0, processes: 0 },
};
const second: History = { header: { ...first.header, trial: 2 }, events: [], remains: null };

test("two trials that were appended one after the other come back as they were", async () => {
  const file = join(folder, "history.jsonl.gz");
  await appendHistory(file, first);
  expect(await readHistories(file)).toEqual([first]);
  await appendHistory(file, second);
  expect(await readHistories(file)).toEqual([first, second]);
});

test("a file that does not begin with a header is refused by its name", async () => {
  const file = join(folder, "headless.jsonl.gz");
  await writeFile(file, gzipSync(`${JSON.stringify({ event: first.events[0] })}\n`));
  await expect(readHistories(file)).rejects.toThrow(`${file} does not begin with a trial's header`);
});

test("a file that is not there is an error of the file system", async () => {
  await expect(readHistories(join(folder, "none.gz"))).rejects.toMatchObject({ code: "ENOENT" });
});
