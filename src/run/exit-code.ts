/** The exit code of a run. */
import { worst } from "../checkers/checker.ts";
import type { Result } from "../export/result.ts";
import { exitCodes, gravest } from "../lab-error.ts";

export function verdictOf(trials: Result["trials"]): ReturnType<typeof worst> {
  return worst(trials.flatMap(({ verdicts }) => Object.values(verdicts)));
}

/** Safety outranks speed: a missed threshold counts only where all verdicts are valid. */
export function exitCodeOf({ run, trials }: Result, thresholdsHeld = true): number {
  switch (run.state) {
    case "interrupted":
      return exitCodes.interrupted;
    case "failed":
    case "completed": {
      const verdict = verdictOf(trials);
      if (verdict === false) return exitCodes.falseVerdict;
      if (run.state === "failed") return failureCodeOf(trials);
      if (verdict === "unknown") return exitCodes.unknownVerdict;
      return thresholdsHeld ? exitCodes.fine : exitCodes.thresholdMissed;
    }
    default:
      return run.state satisfies never;
  }
}

/** A failure caused by others is not the lab's fault. */
const failureCodes: Readonly<Record<NonNullable<Result["trials"][number]["blame"]>, number>> = {
  ensemble: exitCodes.unavailable,
  machine: exitCodes.unavailable,
  scheme: exitCodes.usage,
  program: exitCodes.usage,
  fault: exitCodes.usage,
  lab: exitCodes.internal,
};

function failureCodeOf(trials: Result["trials"]): number {
  const failed = trials.filter(({ state }) => state === "errored");
  return gravest(...failed.map(({ blame = "lab" }) => failureCodes[blame]));
}
