/** `yarn bench:service`: runs the service of the docs in a storm of faults. */
import { parse, type Words } from "./flags.ts";
import { duration, seedNumber } from "./values.ts";

export interface ServiceOptions {
  readonly type: "service";
  readonly forMs: number;
  readonly seed: number;
}

/** @throws {LabError} `usage` */
export async function parseService(args: readonly string[]): Promise<ServiceOptions | Words> {
  const parsed = await parse(
    "yarn bench:service",
    "Runs the service of the docs while everything goes wrong around it.",
    {
      args,
      flags: {
        for: { group: "Storm:", default: "10m", describe: "how long: seconds (60s) or minutes (10m)" },
        seed: { group: "Storm:", default: "1", describe: "whole number; the faults and their order" },
      },
      examples: [["yarn bench:service --for 2m --seed 7", "two minutes of another storm"]],
    },
  );
  if (parsed.type === "words") return parsed;
  const { for: time, seed } = parsed.values;
  return {
    type: "service",
    forMs: duration("--for", time),
    seed: seedNumber(seed),
  };
}
