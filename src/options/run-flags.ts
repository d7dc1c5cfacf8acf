/** Options that all measuring commands share. */
import { parseConnectFlag } from "../ensemble/connect-flag.ts";
import { credentialsFrom, credentialsHelp } from "../ensemble/credentials.ts";
import { faultsToFence } from "../faults/faults.ts";
import { axes } from "../history/conditions.ts";
import { spreads } from "../history/own-servers.ts";
import { LabError } from "../lab-error.ts";
import type { RunPlan } from "../run/plan.ts";
import { type ExportOptions, exportFlags, exportOptions, openFlag, takesStdout } from "./export-flags.ts";
import type { Flag, Values } from "./flags.ts";
import { hookFlags, hookOption } from "./hook-flags.ts";
import { serverFlags, serverOptions } from "./server-flags.ts";
import { oneOf, seedNumber, wholeNumber, znodeName } from "./values.ts";

/** A requested run, and what to do with its measurements. */
export interface MeasureOptions extends Output {
  readonly type: "measure";
  readonly plan: RunPlan;
  /** A saved run to compare with. */
  readonly compare: string | undefined;
}

/** The parts of a plan that {@link runFlags} determine. */
export type PlanParts = Omit<RunPlan, "command" | "argv" | "cautions" | "warmUp" | "groups" | "thresholds">;

export interface Output {
  readonly exports: ExportOptions;
  readonly json: boolean;
  readonly quiet: boolean;
  /** Whether to show the report in the browser. */
  readonly open: boolean;
}

export const runFlags = {
  election: { group: "Experiment:", default: "election", describe: "name of the election's znode" },
  seed: {
    group: "Experiment:",
    default: "1",
    describe: "whole number; the intervals around medians are drawn from it",
  },
  "freeze-for": {
    group: "Experiment:",
    describe:
      "milliseconds that a leader stands still; without it, just long enough. freeze:for=6s makes it a condition",
  },
  "no-fence": {
    group: "Experiment:",
    switch: true,
    describe:
      `with --fault ${faultsToFence.join(" or ")}: lets old leaders write unhindered, to see the harm; their writes ` +
      "then make the verdict fencing FALSE, and the exit code 1",
  },
  connect: {
    group: "ZooKeeper:",
    describe:
      "your own ensemble, host:port,…[/chroot]; without it, the lab starts one. Set your " +
      `credentials in the environment: ${credentialsHelp}`,
  },
  ...hookFlags,
  spread: {
    group: "ZooKeeper:",
    default: "even",
    describe:
      `which of several servers candidates connect to: ${spreads.join(", ")}; the one that leads the others, or ` +
      "those that follow it",
  },
  "tick-time": {
    group: "ZooKeeper:",
    default: "200",
    describe: "milliseconds; the lab's servers round the end of a session up to it",
  },
  "no-fsync": {
    group: "ZooKeeper:",
    switch: true,
    describe: "the lab's servers answer a write before it is on disk",
  },
  ...serverFlags,
  out: {
    group: "Output:",
    describe: "folder for the run, new or empty; without it, runs/<UTC time>-<command>",
  },
  ...exportFlags,
  json: { group: "Output:", switch: true, describe: "print result.json to stdout, and nothing else" },
  quiet: { group: "Output:", switch: true, describe: "no progress on stderr" },
  ...openFlag,
} as const satisfies Record<string, Flag>;

/** These say how to run a server, so there must be one to run. */
const ownServerFlags = [
  axes.servers.flag,
  "spread",
  "tick-time",
  "no-fsync",
  ...(Object.keys(serverFlags) as (keyof typeof serverFlags)[]),
] as const;

export function runOptions(
  values: Values<typeof runFlags>,
  given: ReadonlySet<string>,
): { readonly parts: PlanParts; readonly output: Output } {
  const { connect, json } = values;
  const hook = hookOption(values);
  if (connect !== undefined) {
    parseConnectFlag(connect);
    for (const flag of ownServerFlags) {
      if (given.has(flag)) {
        throw new LabError(
          "usage",
          `--${flag} is for the lab's own servers, --connect for yours; leave one of them out`,
        );
      }
    }
  }
  const exports = exportOptions(values);
  if (json && takesStdout(exports))
    throw new LabError("usage", "--json takes stdout for itself; name a file for the export");
  const parts: PlanParts = {
    seed: seedNumber(values.seed),
    out: values.out,
    ensemble:
      connect === undefined
        ? {
            type: "embedded",
            tickTimeMs: wholeNumber("--tick-time", values["tick-time"], 10, 60_000, "ms"),
            fsync: !values["no-fsync"],
            spread: oneOf("--spread", spreads)(values.spread),
            ...serverOptions(values),
          }
        : { type: "external", connect, auth: credentialsFrom(process.env), hook },
    election: znodeName("--election", values.election),
    counter: values["no-fence"] ? "unguarded" : "guarded",
  };
  return { parts, output: { exports, json, quiet: values.quiet, open: values.open } };
}
