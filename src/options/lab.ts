/** `yarn lab`: one experiment. Errors in its arguments are reported before anything starts. */
import { schemeNames } from "../election/schemes.ts";
import { LabError } from "../lab-error.ts";
import {
  axisFlags,
  axisLists,
  checkPlan,
  chosenSchemes,
  failoverCount,
  faultChoices,
  wanFlag,
} from "./axes.ts";
import { withChosenTimeout } from "./chosen-timeout.ts";
import { commands } from "./commands.ts";
import { withFreezeFor } from "./fault-list.ts";
import { type Flag, parse, type Words } from "./flags.ts";
import { type Axes, oneByOne } from "./groups.ts";
import { hostFlags, programOf } from "./host-flags.ts";
import { type MeasureOptions, runFlags, runOptions } from "./run-flags.ts";
import { loadScripts } from "./script-file.ts";

const labFlags = {
  ...axisFlags,
  ...wanFlag,
  ...hostFlags,
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
  ["yarn lab --servers 1,3 --fault freeze,resign", "on one server, then on three that must agree"],
  ["yarn lab --candidate-process --fault kill --will", "kill -9, and a session that ends with its process"],
  ["yarn lab --connect zk1:2181,zk2:2181/lab --json > result.json", "on your own ensemble"],
] as const;

/** @throws {LabError} `usage`, naming the flag, the value and a valid choice */
export async function parseLab(args: readonly string[]): Promise<MeasureOptions | Words> {
  const parsed = await parse(commands.lab.line, commands.lab.about, {
    args,
    flags: labFlags,
    examples: labExamples,
    choices: faultChoices,
  });
  if (parsed.type === "words") return parsed;
  const { values, given } = parsed;
  const { parts, output } = runOptions(values, given);
  if (values.candidate !== undefined && given.has("scheme"))
    throw new LabError("usage", "--candidate brings its own scheme; leave --scheme out");
  const other = (["candidate", "will", "candidate-process"] as const).find((flag) => given.has(flag));
  if (other !== undefined && given.has("host"))
    throw new LabError("usage", `--host and --${other} both say what candidates are; leave one out`);
  const axes: Axes = {
    ...axisLists(values, parts.ensemble, await loadScripts(values.fault)),
    schemes:
      values.candidate === undefined ? await chosenSchemes(values.scheme) : [programOf(values.candidate)],
    failovers: failoverCount(values.failovers),
  };
  const { planned, cautions: chosen } = withChosenTimeout(withFreezeFor([axes], values["freeze-for"]), given);
  const cautions = [...chosen, ...checkPlan(planned, parts, given, values.fault)];
  const trials = { warmUp: undefined, groups: oneByOne(planned) };
  const plan = {
    command: "lab",
    argv: ["lab", ...args],
    ...parts,
    cautions,
    ...trials,
    thresholds: [],
  } as const;
  return { type: "measure", plan, compare: undefined, ...output };
}
