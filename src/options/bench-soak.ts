/** `yarn bench:soak`: many faults of all kinds. */
import { parse, type Words } from "./flags.ts";
import { seedNumber, wholeNumber } from "./values.ts";

export interface SoakOptions {
  readonly type: "soak";
  readonly seed: number;
  readonly candidates: number;
  readonly faults: number;
}

/** @throws {LabError} `usage` */
export async function parseSoak(args: readonly string[]): Promise<SoakOptions | Words> {
  const parsed = await parse("yarn bench:soak", "Strikes again and again, in an order drawn from the seed.", {
    args,
    flags: {
      seed: {
        group: "Soak:",
        default: "1",
        describe: "whole number; the faults, the schemes and their order",
      },
      candidates: {
        group: "Soak:",
        default: "50",
        describe: "number of candidates, with a thread and a session each",
      },
      faults: { group: "Soak:", default: "200", describe: "how many, of all kinds" },
    },
    examples: [["yarn bench:soak --seed 7", "another order"]],
  });
  if (parsed.type === "words") return parsed;
  const { seed, candidates, faults } = parsed.values;
  return {
    type: "soak",
    seed: seedNumber(seed),
    // One candidate is struck in the middle, and one notices.
    candidates: wholeNumber("--candidates", candidates, 3, 10_000),
    faults: wholeNumber("--faults", faults, 1, 100_000),
  };
}
