/** Runs whose servers die. */

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Chalk } from "chalk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { judge } from "../checkers/checkers.ts";
import { schemes } from "../election/schemes.ts";
import type { Ensemble } from "../ensemble/ensemble.ts";
import { type LocalEnsemble, startLocal } from "../ensemble/local.ts";
import { Monitors } from "../ensemble/monitors.ts";
import { Scratch } from "../ensemble/scratch.ts";
import type { Result } from "../export/result.ts";
import type { Fault } from "../faults/fault.ts";
import { faults } from "../faults/faults.ts";
import { defaultConditions } from "../history/conditions.ts";
import type { History } from "../history/history.ts";
import { failovers } from "../metrics/failover.ts";
import { parseLab } from "../options/lab.ts";
import { summary } from "../terminal/summary.ts";
import { runLab } from "./lab.ts";
import type { Observer } from "./progress.ts";
import { runWhole } from "./whole-trials.ts";

let folder: string;
let scratch: Scratch;
/** Stands in for the user's own ensemble. */
let users: LocalEnsemble;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  scratch = await Scratch.create();
  users = await startLocal(scratch, { tickTimeMs: 200, fsync: false, runId: "outage-test" });
});

afterAll(async () => {
  await users.close();
  await scratch[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Runs a lab on a server that is killed for good at a failover of its first trial. */
async function runUntil(
  failover: number,
  more: readonly string[],
): Promise<{ result: Result; tookMs: number }> {
  const args = ["--connect", users.connect, "--out", join(folder, "run"), "--session-timeout", "1000"];
  const options = await parseLab([...args, ...more]);
  if (options.type !== "measure") throw new Error("these options are those of a lab");
  let diedAt = Number.NaN;
  const kill: Observer = (told) => {
    if (told.type !== "failover" || told.failover !== failover || !Number.isNaN(diedAt)) return;
    diedAt = performance.now();
    void users.members[0].process.kill();
  };
  const { result } = await runLab(options.plan, [kill], new AbortController().signal);
  return { result, tookMs: performance.now() - diedAt };
}

/** A trial on a server whose end nobody reports, like the user's own. */
async function trialOn(
  doomed: Ensemble,
  own: Scratch,
  changes: { readonly fault?: Fault },
): Promise<History> {
  const options = {
    trial: 1,
    scheme: schemes.predecessor,
    schemeSource: { name: "predecessor" },
    ...defaultConditions,
    fault: faults.resign,
    candidates: 3,
    failovers: 2,
    sessionTimeoutMs: 1000,
    electionName: "election",
    scratch: own,
    origin: process.hrtime.bigint(),
    ...changes,
  } as const;
  const ensemble = { ...doomed, ended: new Promise<never>(() => undefined) };
  const [history] = await runWhole(ensemble, [options]);
  if (history === undefined) throw new Error("there is no history");
  return history;
}

test.concurrent("servers that die in the middle of a failover do not count against the election", async () => {
  const own = await Scratch.create();
  try {
    const doomed = await startLocal(own, { tickTimeMs: 200, fsync: false, runId: "doomed" });
    const fault: Fault = {
      ...faults.resign,
      strike: async (victim, context) => {
        await doomed.members[0].process.kill();
        await faults.resign.strike(victim, context);
      },
    };
    const history = await trialOn(doomed, own, { fault });
    expect(history.observations?.end).toMatchObject({
      state: "errored",
      reason: expect.stringContaining(`no server of ${doomed.connect} serves the run any more`),
    });
    expect(judge(history).liveness).toEqual({
      valid: "unknown",
      reason: "failover 1: the servers no longer answered",
    });
    await doomed.close();
  } finally {
    await own[Symbol.asyncDispose]();
  }
}, 60_000);

test.concurrent("servers that hang while the victim joins again end the trial, and they are named", async () => {
  const own = await Scratch.create();
  const hung = await startLocal(own, { tickTimeMs: 200, fsync: false, runId: "hung" });
  const [server] = hung.members;
  try {
    // The last thing asked before the victim returns.
    class Hanging extends Monitors {
      #asked = 0;
      override troubles() {
        if (++this.#asked === 2) server.process.pause();
        return super.troubles();
      }
    }
    const history = await trialOn({ ...hung, monitors: new Hanging([server.address]) }, own, {});
    expect(history.observations?.end).toEqual({
      state: "errored",
      blame: "ensemble",
      reason: expect.stringContaining(`no server of ${hung.connect} serves the run any more`),
    });
    expect(failovers(history)).toHaveLength(1);
    for (const verdict of Object.values(judge(history))) expect(verdict.valid).not.toBe(false);
  } finally {
    server.process.resume();
    await hung.close();
    await own[Symbol.asyncDispose]();
  }
}, 60_000);

test.concurrent("a server of --connect that dies for good ends the run soon, and the measurements are kept and shown", async () => {
  const more = [
    "--candidates",
    "4",
    "--failovers",
    "50",
    "--scheme",
    "predecessor,leader",
    "--fault",
    "resign",
  ];
  const { result, tookMs } = await runUntil(5, more);
  expect(tookMs).toBeLessThan(30_000);
  const [trial, ...others] = result.trials;
  expect(others).toMatchObject([{ scheme: "leader", state: "errored", blame: "ensemble", failovers: [] }]);
  expect(others[0]?.reason).toContain("it did not begin: the ensemble no longer answers");
  expect(trial).toMatchObject({
    state: "errored",
    blame: "ensemble",
    reason: expect.stringContaining(users.connect),
  });
  expect(trial?.reason).toContain("serves the run any more");
  expect(trial?.failovers.length).toBeGreaterThanOrEqual(4);
  for (const verdict of Object.values(trial?.verdicts ?? {})) expect(verdict.valid).not.toBe(false);
  expect(trial?.verdicts.cleanup).toMatchObject({ valid: "unknown" });
  expect(JSON.parse(await readFile(join(folder, "run", "result.json"), "utf8"))).toEqual(result);
  const text = summary(result, new Chalk({ level: 0 }), 120);
  expect(text).toMatch(/^predecessor +4 +resign/m);
  expect(text).toMatch(/serves\s+the\s+run\s+any\s+more/);
}, 60_000);
