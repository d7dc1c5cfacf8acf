import { Chalk } from "chalk";
import { describe, expect, test } from "vitest";
import type { Verdict } from "../checkers/checker.ts";
import type { Result, TrialResult } from "../export/result.ts";
import { conditionsOf, sameConditions } from "../history/conditions.ts";
import type { SchemeComparison } from "../metrics/analysis.ts";
import type { Statistics } from "../metrics/statistics.ts";
import { summariseTrial } from "../metrics/summary.ts";
import {
  sampleFailover,
  sampleGrowth,
  sampleResult,
  sampleStatistics,
  sampleTrial,
} from "../testing/samples.ts";
import { summary } from "./summary.ts";

const plain = new Chalk({ level: 0 });

const { environment, run } = sampleResult();
const { verdicts: allValid } = sampleTrial();

function statistics(p50: number, p90: number, max: number): Statistics {
  return sampleStatistics({ n: 20, min: p50, p50, p90, p99: max, max, p50Interval: [p50, p50] });
}

const none = summariseTrial([], 1);

/** One whose failovers are known by their summary alone. */
function trial(changes: Partial<TrialResult> = {}): TrialResult {
  return sampleTrial({
    failovers: [],
    summary: {
      ...none,
      failoverMs: statistics(2.294, 3.4, 4.97),
      notificationsPerFailover: 1,
      readsPerFailover: 1,
      settledMs: statistics(2.294, 2.294, 2.294),
    },
    prediction: null,
    ...changes,
  });
}

const leader = trial({
  scheme: "leader",
  summary: {
    ...none,
    failoverMs: statistics(17.84, 28.8, 32.1),
    notificationsPerFailover: 49,
    readsPerFailover: 49,
    settledMs: statistics(34.8, 34.8, 34.8),
  },
});

function result(trials: readonly TrialResult[], changes: Partial<Result["run"]> = {}): Result {
  return sampleResult({
    run: { ...run, command: "lab", argv: ["lab"], plannedTrials: trials.length, ...changes },
    trials,
    analysis: { comparisons: comparisonsOf(trials), uncompared: [], growth: [] },
  });
}

/** Comparisons as if each trial's median were known to a tenth. */
function comparisonsOf(trials: readonly TrialResult[]): SchemeComparison[] {
  return trials.flatMap((one) => {
    const base = trials.find((other) => other.scheme === "predecessor" && sameConditions(one, other));
    const [p50, baseP50] = [one.summary.failoverMs?.p50, base?.summary.failoverMs?.p50];
    if (one.scheme === "predecessor" || p50 === undefined || baseP50 === undefined) return [];
    const ratio = p50 / baseP50;
    const interval = [0.9 * ratio, 1.1 * ratio] as const;
    const conclusion = interval[0] > 1 ? "slower" : interval[1] < 1 ? "faster" : "no difference shown";
    const names = { ...conditionsOf(one), scheme: one.scheme, baseline: "predecessor" };
    return { ...names, measure: "failoverMs", ratio, interval, pValue: 0.001, conclusion };
  });
}

const widest = (text: string) => Math.max(...text.split("\n").map((line) => line.length));

test("a default run, on a terminal of 80 columns", () => {
  expect(summary(result([trial(), leader]), plain, 80)).toBe(
    [
      "ZooKeeper 3.9.5 · tick 200 ms · fsync · Node 20.19.0 · 2 cores · seed 1",
      "scheme        N  fault    p50   p90   max  woken  reads  settled  verdicts",
      "predecessor  50  resign  2.29  3.40  4.97      1      1     2.29  all valid",
      "leader       50  resign  17.8  28.8  32.1     49     49     34.8  all valid",
      "p50, p90, max in ms; woken, reads per failover; settled: ms until all wait",
      "again; with 100 columns also: 95 %, p99, spread",
      "With 50 candidates, watching the leader woke 49 candidates per failover, the",
      "predecessor scheme 1; failover was 7.8 times slower (7.0–8.6).",
    ].join("\n"),
  );
});

test("conditions take the place of less important figures, on a terminal of 80 columns", () => {
  const text = summary(result([trial({ perThread: 10, join: "by-number" })]), plain, 80);
  expect(text).toContain("scheme       N fault  per thread joins      p50  max woken settled verdicts\n");
  expect(text).toContain("with 123\ncolumns also: 95 %, p90, p99, spread, reads");
  expect(widest(text)).toBeLessThanOrEqual(80);
});

describe("leaders that were left behind", () => {
  const frozen = (changes: Partial<TrialResult> = {}, accepted = 0) =>
    trial({
      fault: "freeze",
      counter: "guarded",
      summary: {
        ...trial().summary,
        overlapMs: statistics(571.2, 600, 640),
        unsafeMs: statistics(4.06, 5, 6),
        staleWrites: { attempted: 4, accepted },
      },
      ...changes,
    });

  test("have their columns and their sentence, on a terminal of 80 columns", () => {
    expect(summary(result([frozen()]), plain, 80)).toBe(
      [
        "ZooKeeper 3.9.5 · tick 200 ms · fsync · Node 20.19.0 · 2 cores · seed 1",
        "scheme        N  fault    p50   max  woken  settled  unsafe  stale  verdicts",
        "predecessor  50  freeze  2.29  4.97      1     2.29    4.06    0/4  all valid",
        "p50, max in ms; woken per failover; settled: ms until all wait again; unsafe: ms",
        "for which an old leader could act beside its successor, the median; stale:",
        "writes of old leaders, accepted/tried; with 115 columns also: 95 %, p90, p99,",
        "spread, reads",
        "With predecessor, 50 candidates and freeze, the old leader believed beside the",
        "new one for 571 ms (overlap) and could act for 4.06 ms (unsafe); 4 stale writes",
        "tried, 0 accepted.",
      ].join("\n"),
    );
  });

  test("have columns beside all others on a wide terminal; without old leaders there is nothing to say", () => {
    const text = summary(result([frozen(), trial()]), plain, 160);
    expect(text).toContain("  settled  unsafe  stale  verdicts");
    expect(text).toMatch(/^predecessor {2}50 {2}resign .* {3}– {2}all valid$/m);
    expect(text.match(/the old leader/g)).toHaveLength(1);
  });

  test("are said to have acted freely without a fence", () => {
    const text = summary(result([frozen({ counter: "unguarded" }, 4)]), plain);
    expect(text).toContain("4 stale writes tried, 4 accepted, as the fence was off.");
    expect(text).toContain(" 4/4 ");
  });

  test("fit into 80 columns with the longest names and several timeouts", () => {
    const trials = [2000, 10_000].map((sessionTimeoutMs) =>
      frozen({ sessionTimeoutMs, candidates: 200, summary: { ...frozen().summary, ...long } }),
    );
    expect(widest(summary(result(trials), plain, 80))).toBeLessThanOrEqual(80);
  });

  const long = { failoverMs: statistics(12_345, 12_400, 12_500), settledMs: statistics(12_345, 1, 2) };

  test("are left to the table when there are many, and have no sentence if nothing is known about them", () => {
    expect(summary(result([frozen(), frozen(), frozen(), frozen()]), plain)).not.toContain("the old leader");
    expect(summary(result([frozen({ summary: none })]), plain)).not.toContain("the old leader");
  });
});

describe("fits", () => {
  const slow = {
    ...leader.summary,
    failoverMs: statistics(123.4, 204.2, 237.9),
    settledMs: statistics(679, 679, 679),
  };
  const followers = {
    ...none,
    notificationsPerFailover: 299,
    readsPerFailover: 299,
    settledMs: statistics(123.4, 123.4, 123.4),
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
      const remarks = name === "verdicts of many words" ? 3 : 0;
      const sentences = run.trials.filter(({ scheme }) => scheme !== "predecessor").length;
      const lines = summary(run, plain).split("\n").length;
      expect(lines, name).toBe(1 + 1 + run.trials.length + 1 + remarks + sentences);
    }
  });
});

describe("the heading", () => {
  test("breaks between its parts only", () => {
    const [first, second] = summary(result([trial()]), plain, 60).split("\n");
    expect(first).toBe("ZooKeeper 3.9.5 · tick 200 ms · fsync · Node 20.19.0 ·");
    expect(second).toBe("2 cores · seed 1");
  });

  test("says what is not known about the user's own ensemble", () => {
    const server = {
      ...{ version: null, servers: 3, tickTimeMs: null, embedded: false, forceSync: null },
      ...{ spread: null, jvmOptions: [], zooCfg: [] },
    };
    const text = summary({ ...result([trial()]), environment: { ...environment, server } }, plain);
    expect(text.split("\n")[0]).toBe(
      "ZooKeeper of an unknown version · your own ensemble · Node 20.19.0 · 2 cores · seed 1",
    );
  });

  test("says what is unusual about the servers", () => {
    const server = { ...environment.server, spread: "followers", jvmOptions: ["-Xmx1g"] } as const;
    const text = summary({ ...result([trial()]), environment: { ...environment, server } }, plain);
    expect(text).toContain("· fsync · candidates on followers · -Xmx1g · Node");
  });

  test("says that writes were not on disk", () => {
    const server = { ...environment.server, forceSync: false };
    const text = summary({ ...result([trial()]), environment: { ...environment, server } }, plain);
    expect(text).toContain("· no fsync ·");
  });
});

describe("the table", () => {
  const lines = (trials: readonly TrialResult[]) => summary(result(trials), plain, 80).split("\n");

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
    expect(head).toContain(" timeout ");
    expect(first).toContain("resign     400 ");
    expect(second).toContain("resign   10000 ");
  });

  test("has dashes where there is no figure: nobody had to lead, or nothing was complete", () => {
    const herd = {
      notificationsPerFailover: 0.96,
      readsPerFailover: 1,
      settledMs: statistics(7.03, 7.03, 7.03),
      gapMs: statistics(1.25, 1.25, 1.25),
    };
    const [, , follower, nothing] = lines([
      trial({ fault: "follower", summary: { ...none, ...herd } }),
      trial({ summary: none }),
    ]);
    expect(follower).toMatch(/^predecessor +50 +follower +– +– +– +1\.0 +1 +7\.03 +1\.25 +all valid$/);
    expect(nothing?.split(/ +/).slice(3)).toEqual(["–", "–", "–", "–", "–", "–", "–", "all", "valid"]);
  });

  const wrong: Verdict = { valid: false, evidence: [{ at: 1, message: "nobody led", candidates: [] }] };
  const unknown: Verdict = { valid: "unknown", reason: "nothing was recorded" };
  test.each([
    ["all valid", allValid],
    ["✗ FALSE", { ...allValid, liveness: wrong }],
    ["? unknown", { ...allValid, liveness: unknown }],
    ["✗ FALSE", { ...allValid, liveness: unknown, cleanup: wrong }],
  ])("says %s of the verdicts as a whole, also without colour", (word, verdicts) => {
    expect(lines([trial({ verdicts })])[2]?.endsWith(`  ${word}`)).toBe(true);
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

  test("the end repeats what is FALSE, below all warnings", () => {
    const evidence = [{ at: 1, message: "nobody led", candidates: [] }];
    const wrong: Verdict = { valid: false, evidence };
    const trials = [
      trial({ verdicts: { ...allValid, liveness: wrong, cleanup: wrong } }),
      leader,
      trial({ candidates: 10, verdicts: { ...allValid, liveness: wrong } }),
    ];
    expect(summary(result(trials), plain, 80).split("\n").at(-1)).toBe(
      "✗ FALSE in 2 of 3 trials: liveness, cleanup",
    );
    expect(summary(result([leader]), plain, 80)).not.toContain("FALSE");
  });

  test("say nothing about a trial without problems", () => {
    expect(summary(result([trial()]), plain).split("\n")).toHaveLength(4);
  });
});

describe("the meaning", () => {
  const sentences = (trials: readonly TrialResult[]) =>
    summary(result(trials), plain)
      .split("\n")
      .filter((line) => line.startsWith("With "));
  const taking = (p50: number) =>
    trial({ ...leader, summary: { ...leader.summary, failoverMs: statistics(p50, p50, p50) } });

  test("of each other scheme, compared with the predecessor scheme", () => {
    expect(sentences([trial(), leader, trial({ ...leader, scheme: "children" })])).toEqual([
      "With 50 candidates, watching the leader woke 49 candidates per failover, the predecessor scheme 1; failover was 7.8 times slower (7.0–8.6).",
      "With 50 candidates, watching the child list woke 49 candidates per failover, the predecessor scheme 1; failover was 7.8 times slower (7.0–8.6).",
    ]);
  });

  test.each([
    [2.294, "no difference of the failover time is shown."],
    [2.35, "no difference of the failover time is shown."],
    [2.294 * 1.5, "failover was 1.50 times slower (1.35–1.65)."],
    [2.294 * 120, "failover was 120 times slower (108–132)."],
    [2.294 / 2, "failover was 2.0 times faster (1.8–2.2)."],
  ])("a median of %d ms against 2.294: %s", (p50, words) => {
    expect(sentences([trial(), taking(p50)])[0]).toContain(`; ${words}`);
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
    expect(sentence).toContain(
      "watching the leader woke 1 candidate per failover, as the predecessor scheme did",
    );
  });

  test("compares like with like, and says which where there are several", () => {
    const close = { fault: "close", sessionTimeoutMs: 2000 };
    expect(sentences([trial(), leader, trial(close), trial({ ...leader, ...close })])).toEqual([
      expect.stringMatching(/^With 50 candidates, resign and timeout 4000 ms, watching/),
      expect.stringMatching(/^With 50 candidates, close and timeout 2000 ms, watching/),
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

test("a run that failed says so first, and the verdicts of its trial come second", () => {
  const cleanup: Verdict = { valid: false, evidence: [{ at: 1, message: "znodes left", candidates: [] }] };
  const broken = trial({
    state: "errored",
    reason: "the session is expired",
    verdicts: { ...allValid, cleanup },
  });
  const text = summary(result([broken], { state: "failed", plannedTrials: 3 }), plain).split("\n");
  expect(text[1]).toBe("The run failed in trial 1 of 3: the session is expired.");
  expect(text[3]).toMatch(/ errored, ✗ FALSE$/);
});

test("an interrupted run says so, and shows what there is", () => {
  const text = summary(result([trial()], { state: "interrupted" }), plain);
  expect(text).toContain("predecessor  50");
  expect(text).toMatch(/\nInterrupted: these are the results so far\.$/);
});

test("a run without a trial says so", () => {
  const text = summary(result([], { state: "interrupted" }), plain);
  expect(text.split("\n").slice(1)).toEqual([
    "No trial was completed.",
    "Interrupted: these are the results so far.",
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

describe("too few failovers to compare", () => {
  /** Turns all pairs into pairs with too few failovers to compare. */
  const few = (run: Result): Result => {
    const uncompared = run.analysis.comparisons.map(
      ({ ratio: _, interval: __, pValue: ___, conclusion: ____, ...names }) => ({
        ...names,
        n: 1,
        baselineN: 3,
      }),
    );
    return { ...run, analysis: { comparisons: [], uncompared, growth: [] } };
  };

  test("a sentence gives the herd, but no difference of the times", () => {
    expect(summary(few(result([trial(), leader])), plain)).toContain(
      "\nWith 50 candidates, watching the leader woke 49 candidates per failover, the predecessor scheme 1; " +
        "1 and 3 failovers are too few to compare, it takes 6 of each.",
    );
  });

  test("a table says so in their place", () => {
    const trials = [10, 50, 100, 200].flatMap((candidates) => [
      trial({ candidates }),
      trial({ ...leader, candidates }),
    ]);
    const text = summary(few(result(trials)), plain);
    expect(text).toMatch(/\nleader +10 +resign +too few, 1 and 3 +–\n/);
    expect(text).toContain("; too few: to compare, it takes 6 failovers of each");
  });

  test("the median of a few has no interval", () => {
    const own = { ...trial().summary, failoverMs: { ...statistics(2.294, 3.4, 4.97), n: 5 } };
    const [, head, row] = summary(result([trial({ summary: own })]), plain, 140).split("\n");
    expect(head).toMatch(/p50 +95 % +p90/);
    expect(row).toMatch(/2\.29 +– +3\.40/);
  });
});

describe("a grid of many trials", () => {
  const sizes = [10, 50, 100, 200];
  const run = result(
    sizes.flatMap((candidates) => [trial({ candidates }), trial({ ...leader, candidates })]),
    { command: "bench" },
  );

  test("is compared in a table, which marks where no difference is shown", () => {
    const [comparison, ...others] = run.analysis.comparisons;
    if (comparison === undefined) throw new Error("there is a comparison");
    const none = {
      ...comparison,
      ratio: 1.02,
      interval: [0.95, 1.1],
      conclusion: "no difference shown",
    } as const;
    const text = summary(
      { ...run, analysis: { ...run.analysis, comparisons: [none, ...others] } },
      plain,
      80,
    );
    expect(text).toContain("\nleader             10  resign  × 1.02 (0.95–1.10) =  –\n");
    expect(text).toContain("\nleader             50  resign  × 7.8 (7.0–8.6)       –\n");
    expect(text).not.toContain("With 50 candidates");
    expect(widest(text)).toBeLessThanOrEqual(80);
  });

  test("says how figures grow with the number of candidates", () => {
    const growth = [
      sampleGrowth({ measure: "settledMs", exponent: 1.104, interval: [1.05, 1.144] }),
      sampleGrowth({ measure: "responseBytes", exponent: 2, interval: [1.99, 2.01] }),
    ];
    expect(summary({ ...run, analysis: { ...run.analysis, growth } }, plain)).toContain(
      "\nGrowth with N, leader: settled time N^1.10 (1.05–1.14), server bytes N^2.00 (1.99–2.01)",
    );
    const both = [...growth, ...growth.map((one) => ({ ...one, servers: 3 }))];
    const lines = summary({ ...run, analysis: { ...run.analysis, growth: both } }, plain).split("\n");
    expect(
      lines.filter((line) => line.startsWith("Growth with N")).map((line) => line.split(":")[0]),
    ).toEqual(["Growth with N, leader, 1 server", "Growth with N, leader, 3 servers"]);
  });

  test("a wide terminal sees the interval of the median and the spread as well", () => {
    const failovers = [1, 1, 2, 9].map((totalMs) => sampleFailover({ totalMs }));
    const [, head, row] = summary(result([trial({ failovers })]), plain, 140).split("\n");
    expect(head).toMatch(/p50 +95 % +p90 +p99 +max +spread/);
    expect(row).toContain("2.29  2.29–2.29  3.40  4.97  4.97  █▄▁▁▁▁▁▄");
  });
});

describe("how far to trust the figures", () => {
  test("theory stands beside the measurement if a timer decides", () => {
    const prediction = { failoverMs: { low: 1333.3, high: 2252 }, inside: 29, outside: [7] };
    const text = summary(result([trial({ fault: "freeze", sessionTimeoutMs: 2000, prediction })]), plain);
    expect(text).toContain(
      "\nTheory for predecessor, 50 candidates, freeze, timeout 2000 ms: 1333–2252 ms; 29 of 30 failovers inside.",
    );
    const atOnce = { failoverMs: { low: 0, high: 52 }, inside: 30, outside: [] };
    expect(summary(result([trial({ prediction: atOnce })]), plain)).not.toContain("Theory");
  });

  test("each kind of warning appears once, with what to do", () => {
    const warning = {
      type: "cpu-starvation",
      message: "others used 40 % of the processors",
      hint: "end what else runs on this machine",
      failovers: [],
    } as const;
    const text = summary(
      result([trial({ warnings: [warning] }), trial({ ...leader, warnings: [warning] })]),
      plain,
    );
    expect(text).toContain(
      "\n! cpu-starvation: others used 40 % of the processors (predecessor, 50 candidates, resign, and 1 more trial); " +
        "end what else runs on this machine",
    );
    expect(text.match(/cpu-starvation/g)).toHaveLength(1);
  });

  test("several kinds on a terminal are short, so that the table stays in sight; a pipe gets all", () => {
    const busy = { message: "others used 40 % of the processors", hint: "end them", failovers: [] };
    const few = { message: "3 failovers measured", hint: "give more", failovers: [] };
    const both = [
      { ...busy, type: "cpu-starvation" },
      { ...few, type: "too-few-samples" },
    ] as const;
    const run = result([trial({ warnings: both }), trial({ ...leader, warnings: [both[0]] })]);
    expect(summary(run, plain, 80).split("\n").slice(-3)).toEqual([
      "! cpu-starvation: others used 40 % of the processors (all trials)",
      "! too-few-samples: 3 failovers measured (predecessor, 50 candidates, resign)",
      "The report says what to do about each.",
    ]);
    expect(summary(run, plain).split("\n").slice(-2)).toEqual([
      expect.stringMatching(/; end them$/),
      expect.stringMatching(/; give more$/),
    ]);
  });

  test("if a server does not permit the question, the text says what to allow", () => {
    const warning = {
      type: "server-forbids",
      message: "server 1, zk1:2181, does not permit mntr",
      hint: "allow mntr in its 4lw.commands.whitelist",
      failovers: [],
    } as const;
    const forbidden = trial({ failovers: [sampleFailover()], warnings: [warning] });
    expect(summary(result([forbidden]), plain)).toContain("allow mntr in its 4lw.commands.whitelist");
  });

  test("if there are no counts for another reason, such as a busy lab, permissions are not mentioned", () => {
    const busy = trial({ failovers: [sampleFailover()] });
    expect(summary(result([busy]), plain)).not.toMatch(/mntr|whitelist/);
  });

  test("if a server is down, permissions are not mentioned", () => {
    const warning = {
      type: "server-silent",
      message: "server 2, zk2:2181, does not answer (ECONNREFUSED)",
      hint: "start it again",
      failovers: [1],
    } as const;
    const down = trial({ failovers: [sampleFailover()], warnings: [warning] });
    const text = summary(result([down]), plain);
    expect(text).toContain("server 2, zk2:2181, does not answer");
    expect(text).not.toContain("whitelist");
  });
});
