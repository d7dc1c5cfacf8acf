/** Times within trials: nothing else may run beside these tests. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { judge } from "../checkers/checkers.ts";
import { schemes } from "../election/schemes.ts";
import { faults } from "../faults/faults.ts";
import type { History } from "../history/history.ts";
import { compare } from "../metrics/comparison.ts";
import { failovers } from "../metrics/failover.ts";
import { PLAIN, run, runAll, trialsShareAServer } from "../testing/trial-runs.ts";

trialsShareAServer();

/** The writes in the order in which the counter took them, by their tokens; and the number of refused ones. */
function writesOf({ events }: History): { tokens: number[]; refused: number } {
  const wrote = events.filter((event) => event.type === "wrote");
  return {
    tokens: wrote.sort((a, b) => a.version - b.version).map(({ czxid }) => czxid),
    refused: events.filter(({ type }) => type === "refused").length,
  };
}

test("freeze: the failover comes after the session timeout, and the old leader keeps believing meanwhile", async () => {
  const history = await run({
    scheme: schemes.predecessor,
    schemeSource: { name: "predecessor" },
    fault: faults.freeze,
    sessionTimeoutMs: 600,
  });
  for (const { totalMs, overlapMs } of failovers(history)) {
    // The server expires a session within (T, T + tick] of its last contact, at most tick/4 before the fault.
    expect(totalMs).toBeGreaterThan(600 - 50);
    expect(totalMs).toBeLessThan(600 + 50 + 250);
    expect(overlapMs).toBeGreaterThan(0);
  }
});

describe.each(["guarded", "unguarded"] as const)(
  "a leader that stood still goes on writing, %s",
  (counter) => {
    let history: History;

    beforeAll(async () => {
      const predecessor = { scheme: schemes.predecessor, schemeSource: { name: "predecessor" } } as const;
      history = await run({ ...predecessor, fault: faults.freeze, sessionTimeoutMs: 600, counter });
    });

    test("and is refused only if a fence guards the counter", () => {
      expect(history.header.counter).toBe(counter);
      const { tokens, refused } = writesOf(history);
      expect(new Set(tokens).size).toBe(4);
      const behind = tokens.filter((token, index) => token < Math.max(0, ...tokens.slice(0, index)));
      // It writes once before it learns that its session has gone, or not at all if a busy machine lets it
      // learn first.
      expect(counter === "guarded" ? refused : behind.length).toBeGreaterThan(0);
      expect(counter === "guarded" ? behind.length : refused).toBe(0);
    });

    test("and the verdict says whether harm was done", () => {
      expect(judge(history).fencing.valid).toBe(counter === "guarded");
      const figures = failovers(history).map(({ staleWrites }) => staleWrites);
      expect(figures.some((counts) => (counts?.attempted ?? 0) > 0)).toBe(true);
      expect(
        figures.every((counts) => counts?.accepted === (counter === "guarded" ? 0 : counts?.attempted)),
      ).toBe(true);
      for (const { unsafeMs, overlapMs } of failovers(history)) {
        if (counter === "unguarded") expect(unsafeMs).toBe(overlapMs);
        else expect(unsafeMs).toBeLessThan((overlapMs ?? 0) / 2);
      }
    });

    test("each leader writes from its claim on, over and over", () => {
      for (const claim of history.events.filter((event) => event.type === "claimed").slice(0, 3)) {
        const own = history.events.filter(
          ({ type, candidate }) => type === "wrote" && candidate === claim.candidate,
        );
        expect(own.length).toBeGreaterThan(1);
        expect((own[0]?.at ?? Number.POSITIVE_INFINITY) - claim.at).toBeLessThan(200e6);
      }
    });

    test("its requests are not counted separately, and nothing is left of it", () => {
      for (const counts of history.observations?.servers ?? []) {
        expect(counts).toMatchObject({ lists: null, packetsSent: null, pings: null });
        // The successor, and the victim, which watched its own znode: unless the server, which ends silent
        // connections every ten seconds, ended the victim's just before the session (NIOServerCnxnFactory).
        expect([1, 2]).toContain(counts?.deletedWatches);
      }
      expect(history.remains).toMatchObject({ znodes: 0, watches: 0 });
    });
  },
);

test("five milliseconds more in the takeover are measured as such", async () => {
  const slowTakeover = {
    url: pathToFileURL(join(import.meta.dirname, "..", "testing", "slow-takeover.mjs")).href,
    title: "slow-takeover",
  };
  const trials = [PLAIN, { ...PLAIN, schemeSource: slowTakeover }].map((one) => ({ ...one, failovers: 20 }));
  // In turns, so that a slow moment of the machine hits both.
  const histories = await runAll(trials, { failovers: 4, warmUps: 0 });
  const [normal = [], slow = []] = histories.map((history) =>
    failovers(history).flatMap(({ totalMs }) => totalMs ?? []),
  );
  expect([normal.length, slow.length]).toEqual([20, 20]);
  const comparison = compare(slow, normal, 1);
  expect(comparison?.conclusion).toBe("slower");
  expect(comparison?.interval[0]).toBeGreaterThan(1);
});
