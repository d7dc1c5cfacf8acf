/** Runs of the program that are interrupted, suspended, or lose their server. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { ask } from "./ensemble/four-letter-word.ts";
import {
  expectNothingLeft,
  folder,
  lab,
  runsInFoldersOfTheirOwn,
  saved,
  started,
  temporary,
  until,
  verdictsOf,
} from "./testing/program-run.ts";

runsInFoldersOfTheirOwn();

/** A run of so many failovers that it does not end by itself, in the middle of them. */
async function amidFailovers(options = "--failovers 10000"): Promise<{ child: ReturnType<typeof lab> }> {
  const child = lab(`--candidates 3 --scheme predecessor,leader --tick-time 100 --out out ${options}`);
  await until("failovers go on", 30_000, async () => {
    const [configuration] = await configurations();
    const port = Number(/^clientPort=(\d+)$/m.exec(configuration ?? "")?.[1] ?? 0);
    // A server that is just starting may accept a connection and never answer it.
    const answer =
      port === 0 ? "" : await ask({ host: "127.0.0.1", port }, "srvr", { awakeMs: 200 }).catch(() => "");
    // Each failover deletes a contender and creates one.
    return Number(/^Zxid: (\w+)$/m.exec(answer)?.[1] ?? 0) > 60;
  });
  // Wrapped in an object: awaiting a child means waiting for its end.
  return { child };
}

async function configurations(): Promise<string[]> {
  // A file may go while it is being looked at.
  const all = await readdir(temporary, { recursive: true }).catch(() => []);
  const files = all.filter((file) => file.endsWith("zoo.cfg"));
  return Promise.all(files.map((file) => readFile(join(temporary, file), "utf8")));
}

describe("an interrupted run", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s: exit 130, and what there is is judged and saved",
    async (signal) => {
      const { child } = await amidFailovers();
      child.kill(signal);
      const { exitCode, stdout, stderr } = await child;
      expect(exitCode).toBe(130);
      expect(stderr).toContain("interrupted: ending in order");
      expect(stdout).toMatch(/^predecessor +3 +resign +[\d.]+ .* +1 +1 +[\d.]+ +(all valid|\? unknown)$/m);
      expect(stdout).toMatch(/^Interrupted: .*\nsaved in out\nreport: out\/report\.html$/m);

      const result = await saved(join(folder, "out"));
      expect(result.run.state).toBe("interrupted");
      expect(result.trials).toMatchObject([
        { scheme: "predecessor", state: "aborted", reason: "interrupted" },
      ]);
      const [trial] = result.trials;
      expect(trial?.failovers.length).toBeGreaterThan(10);
      expect(trial?.summary.failoverMs?.n).toBeGreaterThan(10);
      expect(trial?.verdicts).toMatchObject({
        singleLeader: { valid: true },
        succession: { valid: true },
        cleanup: { valid: true },
      });
      expect(verdictsOf(result).flat()).not.toContain(false);
      expect(existsSync(join(folder, "out", "history.jsonl.gz"))).toBe(true);
      await expectNothingLeft();
    },
  );

  test("SIGINT while a candidate is cut off from its server: all leave at once, and nothing is left", async () => {
    const { child } = await amidFailovers(
      "--fault partition --session-timeout 6000 --delay 5 --failovers 10000",
    );
    const start = performance.now();
    child.kill("SIGINT");
    expect((await child).exitCode).toBe(130);
    expect(performance.now() - start).toBeLessThan(10_000);
    const { trials } = await saved(join(folder, "out"));
    expect(trials).toMatchObject([{ delay: "5ms", network: { between: ["candidates-and-servers"] } }]);
    expect(trials[0]?.verdicts.cleanup).toEqual({ valid: true });
    await expectNothingLeft();
  });

  test("SIGKILL: its server and its temporary folder are gone within 2 s, and the file says interrupted", async () => {
    const { child } = await amidFailovers();
    // The keeper and the server.
    expect(await started()).toHaveLength(2);
    child.kill("SIGKILL");
    await child;
    await until("no process is left", 2000, async () => (await started()).length === 0);
    await until("no file is left", 2000, async () => (await readdir(temporary)).length === 0);
    expect((await saved(join(folder, "out"))).run.state).toBe("interrupted");
  });
});

test("a run that is suspended goes on with the later trials, and says what it has lost", async () => {
  const { child } = await amidFailovers("--failovers 150 --session-timeout 1500");
  child.kill("SIGSTOP");
  // All sessions of the trial expire.
  await delay(2500);
  child.kill("SIGCONT");
  const { exitCode, stdout, stderr } = await child;
  expect(stderr).not.toContain("internal error");
  const result = await saved(join(folder, "out"));
  expect(result.trials).toMatchObject([
    { scheme: "predecessor", state: "aborted", reason: expect.stringContaining("the lab was suspended") },
    { scheme: "leader", state: "completed" },
  ]);
  const [lost, next] = result.trials;
  expect(verdictsOf(result).flat()).not.toContain(false);
  // Failovers finished before count, and nothing that waited for the lab to go on.
  expect(lost?.failovers.length).toBeGreaterThan(5);
  expect(lost?.failovers.map(({ end }) => end)).not.toContain("aborted");
  expect(Math.max(...(lost?.failovers ?? []).map(({ totalMs }) => totalMs ?? 0))).toBeLessThan(2500);
  expect(next?.failovers).toHaveLength(150);
  expect({ exitCode, state: result.run.state }).toEqual({ exitCode: 130, state: "interrupted" });
  expect(stdout).toContain("predecessor, 3 candidates, resign: aborted, the lab was suspended");
  await expectNothingLeft();
});

test("a server that ends for good: the later trials are named with the reason, and there is a table", async () => {
  const { child } = await amidFailovers();
  const [server] = await started("QuorumPeerMain");
  if (server === undefined) throw new Error("there is a server");
  process.kill(server, "SIGKILL");
  const { exitCode, stdout } = await child;
  expect([69, 70]).toContain(exitCode);
  expect(stdout).toMatch(/^predecessor +3 +resign +[\d.]+ /m);
  expect(stdout).toMatch(
    /^leader, 3 candidates, resign: errored, it did not begin: .* ended by itself: SIGKILL$/m,
  );
  expect((await saved(join(folder, "out"))).trials.map(({ state }) => state)).toEqual(["errored", "errored"]);
  await expectNothingLeft();
});

test("a keeper that is killed: the lab ends its server itself, names the reason, and leaves nothing", async () => {
  const { child } = await amidFailovers();
  const [keeper] = await started("keeper.cjs");
  if (keeper === undefined) throw new Error("there is a keeper");
  process.kill(keeper, "SIGKILL");
  await until("the server is gone", 5000, async () => (await started("QuorumPeerMain")).length === 0);
  const { exitCode, stdout } = await child;
  expect(exitCode).toBe(69);
  expect(stdout).toContain("the process that keeps the lab's servers is gone (SIGKILL)");
  expect((await saved(join(folder, "out"))).trials).toMatchObject([
    { state: "errored", blame: "ensemble" },
    { state: "errored", blame: "ensemble" },
  ]);
  await expectNothingLeft();
});
