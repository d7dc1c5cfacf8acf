/** `yarn bench:fuzz`: uses sessions and elections at random. */
import { parse, type Words } from "./flags.ts";
import { duration, seedOrFresh } from "./values.ts";

export interface FuzzOptions {
  readonly type: "fuzz";
  readonly forMs: number;
  readonly seed: number;
}

/** @throws {LabError} `usage` */
export async function parseFuzz(args: readonly string[]): Promise<FuzzOptions | Words> {
  const parsed = await parse(
    "yarn bench:fuzz",
    "Uses sessions and elections at random, from inside every callback. Exit 1 when something is found.",
    {
      args,
      flags: {
        for: { group: "Fuzz:", default: "60s", describe: "how long: seconds (60s) or minutes (10m)" },
        seed: { group: "Fuzz:", describe: "whole number, for the first round; without it, a fresh one" },
      },
      examples: [["yarn bench:fuzz --for 10m --seed 7", "ten minutes, from the seed 7 on"]],
    },
  );
  if (parsed.type === "words") return parsed;
  const { for: time, seed } = parsed.values;
  return {
    type: "fuzz",
    forMs: duration("--for", time),
    seed: seedOrFresh(seed),
  };
}
