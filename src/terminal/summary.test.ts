import { Chalk } from "chalk";
import { describe, expect, test } from "vitest";
import type { Verdict } from "../checkers/checker.ts";
import { type Environment, RESULT_SCHEMA, type Result, type TrialResult } from "../export/result.ts";
import type { Statistics } from "../metrics/statistics.ts";
import { summary } from "./summary.ts";

const plain = new Chalk({ level: 0 });

const environment: Environment = {
  node: "20.20.2",
  os: "Linux 6.1",
  cpu: "a processor",
  cores: 2,
  memoryBytes: 8e9,
  client: "zookeeper 7.3.0",
  server: { version: "3.9.5", servers: 1, tickTimeMs: 200, embedded: true, forceSync: true },
};

const valid: Verdict = { valid: true };
const allValid = {
  singleLeader: valid,
  succession: valid,
  liveness: valid,
  watchBound: valid,
  cleanup: valid,
} as const;

function failoverMs(p50: number, p90: number, max: number): Statistics {
  return { n: 20, min: p50, p50, p90, p99: max, max, p50Interval: [p50, p50] };
}

function trial(changes: Partial<TrialResult> = {}): TrialResult {
  return {
    scheme: "predecessor",
    candidates: 50,
    fault: "resign",
    sessionTimeoutMs: 4000,
    state: "completed",
    enrolment: { readyMs: 1500, rssBytesPerCandidate: 1e7 },
    failovers: [],
    summary: {
      failoverMs: failoverMs(2.294, 3.4, 4.97),
      notificationsPerFailover: 1,
      readsPerFailover: 1,
      settledMs: { p50: 2.294 },
    },
    verdicts: allValid,
    warnings: [],
    ...changes,
  };
}

const leader = trial({
  scheme: "leader",
  summary: {
    failoverMs: failoverMs(17.84, 28.8, 32.1),
    notificationsPerFailover: 49,
    readsPerFailover: 49,
    settledMs: { p50: 34.8 },
  },
});

function result(trials: readonly TrialResult[], changes: Partial<Result["run"]> = {}): Result {
  return {
    schema: RESULT_SCHEMA,
    run: {
      command: "lab",
      argv: ["lab"],
      startedAt: "2026-01-01T00:00:00Z",
      state: "completed",
      seed: 1,
      version: "0.1.0",
      git: null,
      ...changes,
    },
    environment,
    trials,
  };
}

const none = {
  failoverMs: null,
  notificationsPerFailover: null,
  readsPerFailover: null,
  settledMs: null,
} as const;

const widest = (text: string) => Math.max(...text.split("\n").map((line) => line.length));

test("a default run, on a terminal of 80 columns", () => {
  expect(summary(result([trial(), leader]), plain, 80)).toBe(
    [
      "ZooKeeper 3.9.5 · tick 200 ms · fsync · Node 20.20.2 · 2 cores · seed 1",
      "scheme        N  fault    p50   p90   max  woken  reads  settled  verdicts",
      "predecessor  50  resign  2.29  3.40  4.97      1      1     2.29  all valid",
      "leader       50  resign  17.8  28.8  32.1     49     49     34.8  all valid",
      "p50, p90, max in ms; woken, reads per failover; settled: ms until all wait again",
      "With 50 candidates, watching the leader woke 49 candidates per failover, the",
      "predecessor scheme 1; failover was 7.8 times slower.",
    ].join("\n"),
  );
});

describe("fits", () => {
  const slow = { ...leader.summary, failoverMs: failoverMs(123.4, 204.2, 237.9), settledMs: { p50: 679 } };
  const followers = {
    ...none,
    notificationsPerFailover: 299,
    readsPerFailover: 299,
    settledMs: { p50: 123.4 },
  };
  const broken: TrialResult["verdicts"] = {
    ...allValid,
    singleLeader: {
      valid: false,
      evidence: [
        { at: 1, message: "candidate 3 claimed while candidate 1 still led ".repeat(3), candidates: [] },
      ],
    },
  };
  const runs = {
    "the default run": result([trial(), leader]),
    "three digits of milliseconds": result([
      trial({ summary: slow }),
      trial({ scheme: "leader", summary: slow }),
    ]),
    "300 candidates": result([
      trial({ candidates: 300, fault: "follower", summary: followers }),
      trial({ candidates: 300, fault: "follower", scheme: "children", summary: followers }),
    ]),
    "several timeouts": result([
      trial({ candidates: 300, fault: "freeze", summary: slow }),
      trial({ candidates: 300, fault: "freeze", summary: slow, sessionTimeoutMs: 600_000 }),
    ]),
    "verdicts of many words": result([
      trial({ verdicts: broken, state: "aborted", reason: "no leader ".repeat(20) }),
    ]),
    "a long heading": {
      ...result([trial()], { seed: 2_147_483_647 }),
      environment: { ...environment, cores: 128, server: { ...environment.server, forceSync: false } },
    },
  };

  test.each(Object.entries(runs))("80 columns: %s", (_name, run) => {
    expect(widest(summary(run, plain, 80))).toBeLessThanOrEqual(80);
  });

  test("a pipe without breaking a line", () => {
    for (const [name, run] of Object.entries(runs)) {
      const remarks = name === "verdicts of many words" ? 2 : 0;
      const sentences = run.trials.filter(({ scheme }) => scheme !== "predecessor").length;
      const lines = summary(run, plain).split("\n").length;
      expect(lines, name).toBe(1 + 1 + run.trials.length + 1 + remarks + sentences);
    }
  });
});

describe("the heading", () => {
  test("breaks between its parts only", () => {
    const [first, second] = summary(result([trial()]), plain, 60).split("\n");
    expect(first).toBe("ZooKeeper 3.9.5 · tick 200 ms · fsync · Node 20.20.2 ·");
    expect(second).toBe("2 cores · seed 1");
  });

  test("says what is not known of an ensemble of one's own", () => {
    const server = { version: null, servers: 3, tickTimeMs: null, embedded: false, forceSync: null };
    const text = summary({ ...result([trial()]), environment: { ...environment, server } }, plain);
    expect(text.split("\n")[0]).toBe(
      "ZooKeeper of an unknown version · your own ensemble · Node 20.20.2 · 2 cores · seed 1",
    );
  });

  test("says that writes were not on disk", () => {
    const server = { ...environment.server, forceSync: false };
    const text = summary({ ...result([trial()]), environment: { ...environment, server } }, plain);
    expect(text).toContain("· no fsync ·");
  });
});

describe("the table", () => {
  const lines = (trials: readonly TrialResult[]) => summary(result(trials), plain).split("\n");

  test("has a row for each trial, in the order in which they ran", () => {
    const rows = lines([
      trial({ candidates: 10 }),
      leader,
      trial({ scheme: "children", fault: "close" }),
    ]).slice(2, 5);
    expect(rows.map((row) => row.split(/ +/).slice(0, 3))).toEqual([
      ["predecessor", "10", "resign"],
      ["leader", "50", "resign"],
      ["children", "50", "close"],
    ]);
  });

  test("has a column for the session timeout where there are several", () => {
    const [, head, first, second] = lines([
      trial({ sessionTimeoutMs: 400 }),
      trial({ sessionTimeoutMs: 10_000 }),
    ]);
    expect(head).toContain("  timeout  ");
    expect(first).toContain("resign      400  ");
    expect(second).toContain("resign    10000  ");
  });

  test("has dashes where there is no figure: nobody had to lead, or nothing was complete", () => {
    const herd = { notificationsPerFailover: 0.96, readsPerFailover: 1, settledMs: { p50: 7.03 } };
    const [, , follower, nothing] = lines([
      trial({ fault: "follower", summary: { ...none, ...herd } }),
      trial({ summary: none }),
    ]);
    expect(follower).toMatch(/^predecessor +50 +follower +– +– +– +1\.0 +1 +7\.03 +all valid$/);
    expect(nothing?.split(/ +/).slice(3)).toEqual(["–", "–", "–", "–", "–", "–", "all", "valid"]);
  });

  const wrong: Verdict = { valid: false, evidence: [{ at: 1, message: "nobody led", candidates: [] }] };
  const unknown: Verdict = { valid: "unknown", reason: "nothing was recorded" };
  test.each([
    ["all valid", allValid],
    ["FALSE", { ...allValid, liveness: wrong }],
    ["unknown", { ...allValid, liveness: unknown }],
    ["FALSE", { ...allValid, liveness: unknown, cleanup: wrong }],
  ])("says %s of the verdicts as a whole", (word, verdicts) => {
    expect(lines([trial({ verdicts })])[2]).toMatch(new RegExp(`  ${word}$`));
  });
});

describe("the remarks", () => {
  test("give a false verdict's first evidence, and how much more there is", () => {
    const evidence = ["candidate 3 claimed while candidate 1 led", "another", "and another"].map(
      (message) => ({
        at: 1,
        message,
        candidates: [],
      }),
    );
    const verdicts = {
      ...allValid,
      singleLeader: { valid: false, evidence },
      cleanup: { valid: false, evidence: [{ at: 2, message: "2 znodes are left", candidates: [] }] },
    } as const;
    expect(summary(result([trial({ verdicts }), leader]), plain)).toContain(
      [
        "\npredecessor, 50 candidates, resign:",
        "  singleLeader FALSE: candidate 3 claimed while candidate 1 led (and 2 more)",
        "  cleanup FALSE: 2 znodes are left\n",
      ].join("\n"),
    );
  });

  test("say why a verdict is unknown, and why a trial ended", () => {
    const verdicts = { ...allValid, liveness: { valid: "unknown", reason: "nothing happened" } } as const;
    const aborted = trial({ state: "aborted", reason: "failover 3: no new leader within 6000 ms", verdicts });
    expect(
      summary(result([aborted]), plain)
        .split("\n")
        .slice(-2),
    ).toEqual([
      "predecessor, 50 candidates, resign: aborted, failover 3: no new leader within 6000 ms",
      "  liveness unknown: nothing happened",
    ]);
  });

  test("break between words, and stay indented", () => {
    const evidence = [{ at: 1, message: "a long story of what must not have happened", candidates: [] }];
    const verdicts = { ...allValid, liveness: { valid: false, evidence } } as const;
    const text = summary(result([trial({ verdicts })]), plain, 40);
    expect(text).toContain("  liveness FALSE: a long story of what\n  must not have happened");
  });

  test("nothing is said of a trial in which all was as it should be", () => {
    expect(summary(result([trial()]), plain).split("\n")).toHaveLength(4);
  });
});

describe("the meaning", () => {
  const sentences = (trials: readonly TrialResult[]) =>
    summary(result(trials), plain)
      .split("\n")
      .filter((line) => line.startsWith("With "));
  const taking = (p50: number) =>
    trial({ ...leader, summary: { ...leader.summary, failoverMs: failoverMs(p50, p50, p50) } });

  test("of each other scheme, against the predecessor scheme", () => {
    expect(sentences([trial(), leader, trial({ ...leader, scheme: "children" })])).toEqual([
      "With 50 candidates, watching the leader woke 49 candidates per failover, the predecessor scheme 1; failover was 7.8 times slower.",
      "With 50 candidates, watching the child list woke 49 candidates per failover, the predecessor scheme 1; failover was 7.8 times slower.",
    ]);
  });

  test.each([
    [2.294, "failover took as long."],
    [2.35, "failover took as long."],
    [2.294 * 1.5, "failover was 1.5 times slower."],
    [2.294 * 16.2, "failover was 16 times slower."],
    [2.294 / 2, "failover was 2.0 times faster."],
  ])("a median of %d ms against 2.294: %s", (p50, words) => {
    expect(sentences([trial(), taking(p50)])[0]).toMatch(new RegExp(`; ${words}$`));
  });

  test("of a follower's death, which is no failover", () => {
    const herd = (woken: number) => ({ ...none, notificationsPerFailover: woken, readsPerFailover: woken });
    expect(
      sentences([
        trial({ fault: "follower", summary: herd(1) }),
        trial({ fault: "follower", scheme: "children", summary: herd(49) }),
      ]),
    ).toEqual([
      "With 50 candidates, watching the child list woke 49 candidates per follower's death, the predecessor scheme 1.",
    ]);
  });

  test("one candidate is one", () => {
    const two = { ...leader.summary, notificationsPerFailover: 1 };
    const [sentence] = sentences([
      trial({ candidates: 2 }),
      trial({ ...leader, candidates: 2, summary: two }),
    ]);
    expect(sentence).toContain("watching the leader woke 1 candidate per failover");
  });

  test("compares like with like, and says which where there are several", () => {
    const close = { fault: "close", sessionTimeoutMs: 2000 };
    expect(sentences([trial(), leader, trial(close), trial({ ...leader, ...close })])).toEqual([
      expect.stringMatching(/^With 50 candidates, the fault resign and a timeout of 4000 ms, watching/),
      expect.stringMatching(/^With 50 candidates, the fault close and a timeout of 2000 ms, watching/),
    ]);
    for (const other of [{ candidates: 10 }, { fault: "close" }, { sessionTimeoutMs: 2000 }]) {
      expect(sentences([trial(other), leader])).toEqual([]);
    }
  });

  test("says nothing where there is nothing to compare", () => {
    expect(sentences([leader])).toEqual([]);
    expect(sentences([trial(), trial({ scheme: "leader", summary: none })])).toEqual([]);
    expect(sentences([trial({ summary: none }), leader])).toEqual([]);
  });
});

test("an interrupted run says so, and shows what there is", () => {
  const text = summary(result([trial()], { state: "interrupted" }), plain);
  expect(text).toContain("predecessor  50");
  expect(text).toMatch(/\nInterrupted: this is what there was by then\.$/);
});

test("a run without a trial says so", () => {
  const text = summary(result([], { state: "interrupted" }), plain);
  expect(text.split("\n").slice(1)).toEqual([
    "No trial was completed.",
    "Interrupted: this is what there was by then.",
  ]);
});

test("colours change nothing but the colour", () => {
  const colourful = new Chalk({ level: 3 });
  const evidence = [{ at: 1, message: "what must not have happened, ".repeat(6).trim(), candidates: [] }];
  const verdicts = { ...allValid, liveness: { valid: false, evidence } } as const;
  const run = result([trial(), leader, trial({ verdicts })]);
  const painted = summary(run, colourful, 80);
  expect(painted).not.toBe(summary(run, plain, 80));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  expect(painted.replaceAll(/\u001b\[\d+m/g, "").replaceAll(/ +$/gm, "")).toBe(summary(run, plain, 80));
});
