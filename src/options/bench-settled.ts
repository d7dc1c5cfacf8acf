/** `yarn bench:settled`: measures what waiting candidates cost. */
import { axisNumber } from "./axes.ts";
import { parse, type Words } from "./flags.ts";

export interface SettledOptions {
  readonly type: "settled";
  readonly candidates: number;
  readonly sessionTimeoutMs: number;
  readonly seconds: number;
}

/** @throws {LabError} `usage` */
export async function parseSettled(args: readonly string[]): Promise<SettledOptions | Words> {
  const parsed = await parse("yarn bench:settled", "What waiting candidates cost.", {
    args,
    flags: {
      candidates: { group: "Settled:", default: "1000", describe: "how many wait" },
      "session-timeout": { group: "Settled:", default: "20000", describe: "milliseconds" },
      seconds: { group: "Settled:", default: "20", describe: "how long to measure" },
    },
    examples: [["yarn bench:settled --session-timeout 4000", "with a shorter timeout"]],
  });
  if (parsed.type === "words") return parsed;
  return {
    type: "settled",
    candidates: axisNumber("candidates", parsed.values.candidates),
    sessionTimeoutMs: axisNumber("sessionTimeoutMs", parsed.values["session-timeout"]),
    seconds: Number(parsed.values.seconds),
  };
}
