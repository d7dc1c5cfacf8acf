/** `yarn bench:lapses`: measures how often a healthy leader's lease runs out. */
import { parse, type Words } from "./flags.ts";
import { duration } from "./values.ts";

export interface LapsesOptions {
  readonly type: "lapses";
  /** The duration of each line of the table. */
  readonly forMs: number;
}

/** @throws {LabError} `usage` */
export async function parseLapses(args: readonly string[]): Promise<LapsesOptions | Words> {
  const parsed = await parse("yarn bench:lapses", "Measures how often a healthy leader's lease runs out.", {
    args,
    flags: {
      for: { group: "Measure:", default: "60s", describe: "each line: seconds (60s) or minutes (5m)" },
    },
    examples: [["yarn bench:lapses --for 5m", "for fifty minutes in all"]],
  });
  if (parsed.type === "words") return parsed;
  return { type: "lapses", forMs: duration("--for", parsed.values.for) };
}
