/** `yarn lab`: one experiment. Whatever is wrong in its words is said before anything is started. */
import { schemeNames } from "../election/schemes.ts";
import type { RunPlan } from "../run/plan.ts";
import { axisFlags, axisLists, checkAxes, checkFence, chosenSchemes, failoverCount } from "./axes.ts";
import { type Flag, parse, type Words } from "./flags.ts";
import { type Axes, inARow } from "./groups.ts";
import { type RunOptions, runFlags, runOptions } from "./run-flags.ts";
import { runPlan } from "./run-plan.ts";

export interface LabOptions extends RunOptions, Axes {
  readonly type: "lab";
}

const labFlags = {
  ...axisFlags,
  scheme: {
    group: "Experiment:",
    default: "predecessor,leader,heir",
    describe: `what a waiting candidate watches, a list, or all: ${schemeNames.join(",")}; or a file: ./mine.ts`,
  },
  failovers: { group: "Experiment:", default: "20", describe: "how many faults, one after the other" },
  ...runFlags,
} as const satisfies Record<string, Flag>;

const labExamples = [
  ["yarn lab --candidates 50", "the herd, and what an heir is worth"],
  ["yarn lab --fault freeze --session-timeout 2000 --failovers 5", "long pauses: who leads meanwhile?"],
  ["yarn lab --fault freeze --no-fence --failovers 5", "the same, and nothing stops old leaders"],
  ["yarn lab --candidates 10,50,100 --scheme all", "lists multiply: twelve trials in a row"],
  ["yarn lab --connect zk1:2181,zk2:2181/lab --json > result.json", "on your own ensemble"],
] as const;

/** @throws {LabError} `usage`, naming the flag, the value and what would do */
export async function parseLab(args: readonly string[]): Promise<LabOptions | Words> {
  const parsed = await parse("yarn lab", "Measures failover and herd of leader election on ZooKeeper.", {
    args,
    flags: labFlags,
    examples: labExamples,
  });
  if (parsed.type === "words") return parsed;
  const { values, given } = parsed;
  const run = runOptions(values, given);
  const axes: Axes = {
    ...axisLists(values),
    schemes: await chosenSchemes(values.scheme),
    failovers: failoverCount(values.failovers),
  };
  checkAxes(axes, run);
  checkFence([axes], run);
  return { type: "lab", ...axes, ...run };
}

/** @param argv with the command's own name */
export function labPlan(options: LabOptions, argv: readonly string[]): RunPlan {
  return runPlan("lab", argv, options, { warmUp: undefined, groups: inARow(options) });
}
