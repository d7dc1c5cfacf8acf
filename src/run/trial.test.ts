import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { judge } from "../checkers/checkers.ts";
import { schemeNames, schemes } from "../election/schemes.ts";
import { monitor } from "../ensemble/four-letter-word.ts";
import { startLocal } from "../ensemble/local.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { type FaultName, faults } from "../faults/faults.ts";
import { defaultConditions } from "../history/conditions.ts";
import type { History } from "../history/history.ts";
import { readHistories } from "../history/reader.ts";
import type { Told } from "../history/told.ts";
import { appendHistory } from "../history/writer.ts";
import { failovers } from "../metrics/failover.ts";
import { TcpRelay } from "../network/tcp-relay.ts";
import { loadScheme } from "../options/scheme-file.ts";
import { ensemble, optionsOf, PLAIN, run, runAll, trialsShareAServer } from "../testing/trial-runs.ts";
import { expectJudgedValid } from "../testing/verdicts.ts";
import { NodeExists } from "../zookeeper/errors.ts";
import type { TrialProgress } from "./progress.ts";
import { runTrials } from "./trial.ts";
import { ONE_TURN } from "./trial-plan.ts";
import { runWhole } from "./whole-trials.ts";

trialsShareAServer();

/** Others last for whole session timeouts, or strike the network or the servers: they are tried beside them. */
const brief = ["resign", "close", "expire", "freeze", "delete", "follower"] as const satisfies FaultName[];

describe.each(brief)("%s", (fault) => {
  let trials: Map<string, History>;

  beforeAll(async () => {
    const histories = await runAll(
      schemeNames.map((name) => ({
        scheme: schemes[name],
        schemeSource: { name },
        fault: faults[fault],
      })),
    );
    trials = new Map(histories.map((history) => [history.header.scheme, history]));
  });

  const trialOf = (scheme: string) => {
    const trial = trials.get(scheme);
    if (trial === undefined) throw new Error(`${scheme} has not been tried`);
    return trial;
  };

  test.each(schemeNames)("under %s runs to its end, and every verdict about it is valid", (scheme) => {
    const trial = trialOf(scheme);
    expect(trial.observations?.end).toEqual({ state: "completed" });
    const { cleanup: _, ...verdicts } = judge(trial);
    expect(verdicts).toEqual({
      singleLeader: { valid: true },
      fencing: { valid: true },
      succession: { valid: true },
      liveness: { valid: true },
      watchBound: { valid: true },
      expectation: { valid: true },
    });
  });

  test.each(schemeNames)("under %s notifies candidates as often as theory says", (scheme) => {
    const trial = trialOf(scheme);
    const measured = failovers(trial);
    expect(measured).toHaveLength(trial.strikes.length);
    for (const [index, { notifications, announcements }] of measured.entries()) {
      const expects = trial.strikes[index]?.expects;
      expect(announcements).toBe(expects?.announcements);
      // Candidates that watch the child list are also notified when the victim joins again.
      const least = expects?.notifications ?? 0;
      const most =
        faults[fault].victim === "joins-again" && schemes[scheme].watchesChildren ? 2 * least + 1 : least;
      expect(notifications).toBeGreaterThanOrEqual(least);
      expect(notifications).toBeLessThanOrEqual(most);
    }
  });

  test("leaves no znode, no watch and no session", async () => {
    for (const { remains } of trials.values()) expect(remains).toMatchObject({ znodes: 0, watches: 0 });
    // These are the coordinator's own, and the connection that asks.
    expect((await monitor(ensemble.members[0].address))?.get("num_alive_connections")).toBeLessThanOrEqual(2);
  });
});

test("trials take turns with the same candidates; each has its own history, and warm-ups do not count", async () => {
  const turns = { failovers: 2, warmUps: 1 };
  const order: string[] = [];
  const pair = [
    optionsOf({ scheme: schemes.predecessor, schemeSource: { name: "predecessor" }, fault: faults.expire }),
    optionsOf({ scheme: schemes.leader, schemeSource: { name: "leader" }, fault: faults.expire }),
  ];
  const histories = await runWhole(ensemble, pair, {
    turns,
    onProgress: (progress, trial) => {
      if (progress.type !== "failover") return;
      order.push(`${pair.findIndex((one) => one.trial === trial)}: ${progress.failover}`);
    },
  });
  expect(order).toEqual(["0: 0", "0: 1", "0: 2", "1: 0", "1: 1", "1: 2", "0: 0", "0: 3", "1: 0", "1: 3"]);
  expect(histories.map(({ header }) => header.scheme)).toEqual(["predecessor", "leader"]);
  for (const history of histories) {
    expect(history.observations?.end).toEqual({ state: "completed" });
    expect(failovers(history).map(({ failover }) => failover)).toEqual([1, 2, 3]);
    expect(history.observations?.servers).toHaveLength(3);
    expectJudgedValid(history);
    expect(history.remains).toMatchObject({ znodes: 0, watches: 0 });
  }
  // The candidates that were already there were not started again.
  expect(histories.map(({ observations }) => observations?.enrolment === null)).toEqual([false, true]);
});

test("progress tells who stands in line, and what the failover before led to, as the figures do", async () => {
  const herd = { scheme: schemes.leader, schemeSource: { name: "leader" } } as const;
  const seen: Extract<TrialProgress, { type: "failover" }>[] = [];
  const history = await run({ ...PLAIN, ...herd, failovers: 4 }, undefined, (progress) => {
    if (progress.type === "failover") seen.push(progress);
  });
  const found = failovers(history);
  expect(seen.map(({ line }) => line[0])).toEqual(found.map(({ victim }) => victim));
  expect(seen.slice(1).map(({ line }) => line[0])).toEqual(
    found.slice(0, 3).map(({ successor }) => successor),
  );
  for (const { line } of seen) expect(line.toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
  const lasts = found.map(({ notifications, totalMs }) => ({ woken: notifications, ms: totalMs }));
  expect(lasts[0]?.woken).toBe(5);
  expect(seen.map(({ last }) => last)).toEqual([undefined, ...lasts.slice(0, 3)]);
});

test("a long turn hands on what it has recorded while it runs, so that only the last part is held", async () => {
  const failoversOfTurn = 40;
  // Each failover wakes all the others, and so does each return.
  const herd = { scheme: schemes.children, schemeSource: { name: "children" } } as const;
  const options = optionsOf({ ...PLAIN, ...herd, candidates: 8, failovers: failoversOfTurn });
  const heardAt: number[] = [];
  const told: Told[] = [];
  let failover = 0;
  const [ended] = await runTrials(
    ensemble,
    [options],
    ONE_TURN,
    {
      begins() {},
      async hears(_, part) {
        heardAt.push(failover);
        told.push(...part);
      },
      progress(_, progress) {
        if (progress.type === "failover") failover = progress.failover;
      },
    },
    new AbortController().signal,
  );
  expect(ended?.ending.observations?.end).toEqual({ state: "completed" });
  expect(heardAt.length).toBeGreaterThan(1);
  expect(heardAt[0]).toBeLessThan(failoversOfTurn);
  const times = told.flatMap((one) => ("event" in one ? one.event.at : []));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(told.filter((one) => "strike" in one)).toHaveLength(failoversOfTurn);
});

test("turns may have any order, even under different faults", async () => {
  const trials = [
    optionsOf({ scheme: schemes.heir, schemeSource: { name: "heir" }, fault: faults.expire }),
    optionsOf({ scheme: schemes.leader, schemeSource: { name: "leader" }, fault: faults.resign }),
  ];
  const turn = (index: number, failovers: number) => ({ trial: trials[index]?.trial ?? 0, failovers });
  const order = [turn(1, 1), turn(0, 2), turn(1, 2), turn(0, 1)];
  const struck: string[] = [];
  const histories = await runWhole(ensemble, trials, {
    turns: { failovers: 3, warmUps: 0, order },
    onProgress: (progress, trial) => {
      if (progress.type !== "failover") return;
      struck.push(`${trials.findIndex((one) => one.trial === trial)}: ${progress.failover}`);
    },
  });
  expect(struck).toEqual(["1: 1", "0: 1", "0: 2", "1: 2", "1: 3", "0: 3"]);
  for (const history of histories) {
    expect(history.observations?.end).toEqual({ state: "completed" });
    expect(failovers(history).map(({ failover }) => failover)).toEqual([1, 2, 3]);
  }
});

test("if no old leader can be left behind, nobody writes", async () => {
  const history = await run({
    scheme: schemes.predecessor,
    schemeSource: { name: "predecessor" },
    fault: faults.resign,
    counter: "unguarded",
  });
  expect(history.header.counter).toBe("none");
  expect(history.events.filter(({ type }) => type === "wrote" || type === "refused")).toEqual([]);
});

test("expire and close: the old leader knows at once", async () => {
  const history = await run({
    scheme: schemes.predecessor,
    schemeSource: { name: "predecessor" },
    fault: faults.close,
  });
  expect(failovers(history).map(({ overlapMs }) => overlapMs)).toEqual([0, 0, 0]);
});

test("a history from a file gets the same verdicts as a fresh one", async () => {
  const history = await run({
    scheme: schemes.leader,
    schemeSource: { name: "leader" },
    fault: faults.expire,
  });
  const folder = await mkdtemp(join(tmpdir(), "zk-election-lab-test-"));
  try {
    const file = join(folder, "history.jsonl.gz");
    await appendHistory(file, history);
    const [saved] = await readHistories(file);
    expect(saved && judge(saved)).toEqual(judge(history));
    expect(saved && failovers(saved)).toEqual(failovers(history));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("an interruption in the middle keeps the results so far", async () => {
  const interruption = new AbortController();
  const trial = await run(
    {
      scheme: schemes.predecessor,
      schemeSource: { name: "predecessor" },
      fault: faults.freeze,
      sessionTimeoutMs: 10_000,
    },
    interruption.signal,
    (progress) => {
      if (progress.type === "failover") setTimeout(() => interruption.abort(), 200);
    },
  );
  expect(trial.observations?.end).toEqual({ state: "aborted", reason: "interrupted" });
  expect(trial.events.some(({ type }) => type === "fault")).toBe(true);
  expect(judge(trial).singleLeader.valid).not.toBe(false);
  expect(trial.remains).toMatchObject({ znodes: 0, watches: 0 });
});

/** Ends all sessions that exist at some moment. */
async function withSessionsLost(
  candidates: number,
  isNow: (progress: TrialProgress) => boolean,
): Promise<History> {
  const relay = await TcpRelay.start({ target: ensemble.members[0].address, carries: "bytes" });
  const sessionTimeoutMs = 1000;
  try {
    let healed: Promise<void> | undefined;
    const [history] = await runWhole(
      { ...ensemble, connectFor: () => relay.connect },
      [optionsOf({ ...PLAIN, candidates, failovers: 1, sessionTimeoutMs })],
      {
        onProgress(progress) {
          if (!isNow(progress)) return;
          relay.cut();
          healed ??= delay(2 * sessionTimeoutMs).then(() => relay.heal());
        },
      },
    );
    await healed;
    if (history === undefined) throw new Error("a trial has a history");
    expect(history.events.some(({ type }) => type === "expired")).toBe(true);
    return history;
  } finally {
    await relay[Symbol.asyncDispose]();
  }
}

describe("sessions that no fault has ended", () => {
  const lastOneJoins = (candidates: number) => (progress: TrialProgress) =>
    progress.type === "starting" && progress.started === candidates - 1;

  test("some, while others join: they join again, and the trial begins with all", async () => {
    const history = await withSessionsLost(8, lastOneJoins(8));
    expect(history.observations?.end).toEqual({ state: "completed" });
    const begun = history.events.findIndex(({ type }) => type === "enrolled");
    const created = history.events.slice(0, begun).filter(({ type }) => type === "created");
    expect(created.length).toBeGreaterThan(8);
    const { cleanup: _, ...verdicts } = judge(history);
    expect(Object.values(verdicts).map(({ valid }) => valid)).not.toContain(false);
    expect(failovers(history)).toHaveLength(1);
  });

  test("many, while others join: the trial ends with the reason and what to do, and the election is not blamed", async () => {
    const history = await withSessionsLost(24, lastOneJoins(24));
    expect(history.observations?.end).toEqual({
      state: "errored",
      reason: expect.stringMatching(
        /lost .*too busy.*use fewer --candidates, or a longer --session-timeout than 1000$/,
      ),
      blame: "ensemble",
    });
    expect(Object.values(judge(history)).map(({ valid }) => valid)).not.toContain(false);
    expect(history.remains).toMatchObject({ znodes: 0, watches: 0 });
  });

  test("in a failover: there is no leader within the bound, and the election is not blamed", async () => {
    const history = await withSessionsLost(5, ({ type }) => type === "failover");
    expect(history.observations?.end).toEqual({
      state: "errored",
      reason: expect.stringMatching(
        /^4 of 5 candidates lost their sessions, although no fault had struck them: /,
      ),
      blame: "ensemble",
    });
    expect(Object.values(judge(history)).map(({ valid }) => valid)).not.toContain(false);
  });
});

test("contenders of sessions that are cut off at the end go later: they do not count as left behind", async () => {
  const relay = await TcpRelay.start({ target: ensemble.members[0].address, carries: "bytes" });
  const interruption = new AbortController();
  try {
    const [history] = await runWhole(
      { ...ensemble, connectFor: () => relay.connect },
      // Closing takes a client that is cut off 1.5 s.
      [optionsOf({ ...PLAIN, sessionTimeoutMs: 4000 })],
      {
        signal: interruption.signal,
        onProgress(progress) {
          if (progress.type !== "failover") return;
          relay.cut();
          interruption.abort();
        },
      },
    );
    expect(history?.remains).toMatchObject({ znodes: 0, watches: 0 });
  } finally {
    await relay[Symbol.asyncDispose]();
  }
});

/** A checker that never rejects anything proves nothing: these are real runs of wrong elections. */
describe("a wrong scheme is caught by a real run", () => {
  const wrong = (name: string) =>
    loadScheme(join(import.meta.dirname, "..", "checkers", "wrong-schemes", `${name}.mjs`));

  test("one that claims on any wake-up: a follower's death makes a second leader", async () => {
    const { scheme, source } = await wrong("eager");
    const history = await run({ scheme, schemeSource: source, fault: faults.follower, failovers: 1 });
    const verdicts = judge(history);
    expect(verdicts.singleLeader.valid).toBe(false);
    expect(verdicts.succession.valid).toBe(false);
  });

  test("one that orders by the whole name: a candidate with a small guid leads beside the others", async () => {
    const { scheme, source } = await wrong("by-name");
    const history = await run({ scheme, schemeSource: source, fault: faults.resign, candidates: 10 });
    const verdicts = judge(history);
    expect(verdicts.succession.valid).toBe(false);
  });
});

test("a server that ends by itself ends the trial at once, and what was recorded is kept", async () => {
  const own = await Scratch.create();
  try {
    const doomed = await startLocal(own, { tickTimeMs: 50, fsync: false, runId: "doomed" });
    const [history] = await runWhole(
      doomed,
      [
        {
          trial: 1,
          scheme: schemes.predecessor,
          schemeSource: { name: "predecessor" },
          ...defaultConditions,
          fault: faults.resign,
          candidates: 4,
          failovers: 1000,
          sessionTimeoutMs: 2000,
          electionName: "election",
          scratch: own,
          origin: process.hrtime.bigint(),
        },
      ],
      {
        onProgress(progress) {
          if (progress.type === "failover" && progress.failover === 5)
            process.kill(doomed.members[0].process.pid, "SIGKILL");
        },
      },
    );
    const end = history?.observations?.end;
    expect(end).toEqual({
      state: "errored",
      reason: expect.stringContaining("SIGKILL"),
      blame: "ensemble",
    });
    expect(history && failovers(history).length).toBeGreaterThanOrEqual(4);
    await doomed.close();
  } finally {
    await own[Symbol.asyncDispose]();
  }
});

test("if one of the trials cannot have its znode, none begins, and nothing is left of the others", async () => {
  const trial = optionsOf({ ...PLAIN, fault: faults.freeze });
  const before = await ensemble.session.children(ensemble.root);
  // The second one would use the znode of the first.
  const both = runWhole(ensemble, [trial, trial]);
  await expect(both).rejects.toBeInstanceOf(NodeExists);
  expect(await ensemble.session.children(ensemble.root)).toEqual(before);
});
