/** `yarn bench:floor`: measures what the protocol alone costs. */
import { axisNumber } from "./axes.ts";
import { parse, type Words } from "./flags.ts";
import { list } from "./values.ts";

export interface FloorOptions {
  readonly type: "floor";
  readonly candidates: readonly number[];
}

/** @throws {LabError} `usage` */
export async function parseFloor(args: readonly string[]): Promise<FloorOptions | Words> {
  const parsed = await parse(
    "yarn bench:floor",
    "Measures what the protocol alone costs, beside heir and predecessor.",
    {
      args,
      flags: {
        candidates: {
          group: "Floor:",
          default: "10,50,200",
          describe: "how long the lists are; a list itself",
        },
      },
      examples: [["yarn bench:floor --candidates 10", "with a list of ten"]],
    },
  );
  if (parsed.type === "words") return parsed;
  return {
    type: "floor",
    candidates: list("--candidates", parsed.values.candidates, (word) => axisNumber("candidates", word)),
  };
}
