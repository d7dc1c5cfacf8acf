/** Trials whose candidates share threads. */
import { expect, test } from "vitest";
import { judge } from "../checkers/checkers.ts";
import { faults } from "../faults/faults.ts";
import { failovers } from "../metrics/failover.ts";
import { PLAIN, runAll, trialsShareAServer } from "../testing/trial-runs.ts";

trialsShareAServer();

test("candidates that share threads fail over as others do, and every verdict about them is valid", async () => {
  const shared = { ...PLAIN, candidates: 20, perThread: 5, failovers: 2 };
  const trials = await runAll([shared, { ...shared, fault: faults.close }]);
  for (const trial of trials) {
    expect(trial.observations?.end).toEqual({ state: "completed" });
    const { cleanup: _, ...verdicts } = judge(trial);
    expect(Object.values(verdicts)).toEqual(Array(6).fill({ valid: true }));
    expect(failovers(trial).map(({ notifications }) => notifications)).toEqual([1, 1]);
  }
});
