/** What the commands that measure have in common, from words to a plan. */
import type { RunPlan } from "../run/plan.ts";
import type { RunOptions } from "./run-flags.ts";

export function runPlan(
  command: RunPlan["command"],
  argv: readonly string[],
  options: RunOptions,
  trials: Pick<RunPlan, "warmUp" | "groups">,
): RunPlan {
  const { seed, out, election, fence, freezeForMs, connect, auth } = options;
  const { zookeeperHome, zookeeperVersion, tickTimeMs, fsync } = options;
  return {
    command,
    argv,
    seed,
    out,
    ensemble:
      connect === undefined
        ? { type: "embedded", zookeeperHome, zookeeperVersion, tickTimeMs, fsync }
        : { type: "external", connect, auth },
    election,
    counter: fence ? "guarded" : "unguarded",
    freezeForMs,
    ...trials,
  };
}
