/** `yarn bench:settled`: measures what waiting candidates cost. */
import { axisNumber } from "./axes.ts";
import { parse, type Words } from "./flags.ts";
import { duration } from "./values.ts";

export interface SettledOptions {
  readonly type: "settled";
  readonly candidates: number;
  readonly sessionTimeoutMs: number;
  readonly forMs: number;
}

/** @throws {LabError} `usage` */
export async function parseSettled(args: readonly string[]): Promise<SettledOptions | Words> {
  const parsed = await parse("yarn bench:settled", "What waiting candidates cost.", {
    args,
    flags: {
      candidates: { group: "Settled:", default: "1000", describe: "how many there are" },
      "session-timeout": { group: "Settled:", default: "20000", describe: "milliseconds" },
      for: {
        group: "Settled:",
        default: "20s",
        describe: "how long to measure: seconds (20s) or minutes (5m)",
      },
    },
    examples: [["yarn bench:settled --session-timeout 4000", "with a shorter timeout"]],
  });
  if (parsed.type === "words") return parsed;
  return {
    type: "settled",
    candidates: axisNumber("candidates", parsed.values.candidates),
    sessionTimeoutMs: axisNumber("sessionTimeoutMs", parsed.values["session-timeout"]),
    forMs: duration("--for", parsed.values.for),
  };
}
