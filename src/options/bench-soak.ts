/** `yarn bench:soak`: many faults of all kinds. */
import { axes } from "../history/conditions.ts";
import { axisNumber } from "./axes.ts";
import { parse, type Words } from "./flags.ts";
import { seedNumber, wholeNumber } from "./values.ts";

export interface SoakOptions {
  readonly type: "soak";
  readonly seed: number;
  readonly candidates: number;
  readonly servers: number;
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
      servers: {
        group: "Soak:",
        default: String(axes.servers.default),
        describe: "how many servers the lab starts: 1, 3 or 5",
      },
      faults: { group: "Soak:", default: "200", describe: "how many, of all kinds" },
    },
    examples: [["yarn bench:soak --seed 7", "another order"]],
  });
  if (parsed.type === "words") return parsed;
  const { seed, candidates, servers, faults } = parsed.values;
  return {
    type: "soak",
    seed: seedNumber(seed),
    // One candidate is struck in the middle, and one notices.
    candidates: wholeNumber("--candidates", candidates, 3, 10_000),
    servers: axisNumber("servers", servers),
    faults: wholeNumber("--faults", faults, 1, 100_000),
  };
}
