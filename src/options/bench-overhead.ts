/** `yarn bench:overhead`: measures what the lab itself costs. */
import { axisNumber } from "./axes.ts";
import { parse, type Words } from "./flags.ts";

export interface OverheadOptions {
  readonly type: "overhead";
  readonly candidates: number;
}

/** @throws {LabError} `usage` */
export async function parseOverhead(args: readonly string[]): Promise<OverheadOptions | Words> {
  const parsed = await parse("yarn bench:overhead", "What the lab itself costs.", {
    args,
    flags: {
      candidates: { group: "Overhead:", default: "50", describe: "how many there are in the failovers" },
    },
    examples: [["yarn bench:overhead --candidates 10", "failovers among ten"]],
  });
  if (parsed.type === "words") return parsed;
  return { type: "overhead", candidates: axisNumber("candidates", parsed.values.candidates) };
}
