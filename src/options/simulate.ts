/** `yarn simulate`: the election on a model of ZooKeeper, with everything that can go wrong. */
import { LabError } from "../lab-error.ts";
import { parse, type Words } from "./flags.ts";
import { duration, seedOrFresh } from "./values.ts";

export type SimulateOptions =
  | { readonly type: "walk"; readonly forMs: number; readonly seed: number }
  | { readonly type: "search" }
  /** A schedule as `yarn simulate` prints it. */
  | { readonly type: "replay"; readonly schedule: string };

/** @throws {LabError} `usage` */
export async function parseSimulate(args: readonly string[]): Promise<SimulateOptions | Words> {
  const parsed = await parse(
    "yarn simulate",
    "Plays the election on a model of ZooKeeper, and checks every step. Exit 1 when something is found.",
    {
      args,
      flags: {
        for: {
          group: "Random walks:",
          default: "60s",
          describe: "how long: seconds (60s) or minutes (5m)",
        },
        seed: { group: "Random walks:", describe: "whole number; without it, a fresh one" },
        exhaustive: {
          group: "Instead:",
          switch: true,
          describe: "every interleaving of few candidates and faults; takes a quarter of an hour",
        },
        replay: { group: "Instead:", describe: "a printed schedule: plays it, and prints every step" },
      },
      examples: [
        ["yarn simulate --for 5m", "five minutes of random schedules"],
        ["yarn simulate --replay '{…}'", "what happened there, step by step"],
      ],
    },
  );
  if (parsed.type === "words") return parsed;
  const { values, given } = parsed;
  const { exhaustive, replay } = values;
  const walks = given.has("for") || given.has("seed");
  if ([walks, exhaustive, replay !== undefined].filter(Boolean).length > 1)
    throw new LabError(
      "usage",
      "--exhaustive, --replay and the random walks are different things; choose one",
    );
  if (exhaustive) return { type: "search" };
  if (replay !== undefined) return { type: "replay", schedule: replay };
  const seed = seedOrFresh(values.seed);
  return { type: "walk", forMs: duration("--for", values.for), seed };
}
