/**
 * Describes for a person what is left of a run on the user's ensemble: which znodes, why, and how to remove
 * them.
 */
import { LabError } from "../lab-error.ts";
import { NoAuth, type ZooKeeperError } from "../zookeeper/errors.ts";

/** `ended`: nobody has tried to remove them. `in-use`: something is still in them. */
export type Reason = "ended" | "out-of-reach" | "in-use" | ZooKeeperError;

/**
 * Empty containers go by themselves, so what stays is known only some minutes later.
 * @param where the flag and its value
 * @param znodes the deepest first; all but that one may belong to other runs too
 */
export function leftBehind(
  where: string,
  [first, ...above]: readonly string[],
  reason: Reason,
): LabError | undefined {
  if (first === undefined) return undefined;
  const commands = [`deleteall ${first}`, ...above.map((znode) => `delete ${znode}`)].join("; ");
  const words =
    `${where}: ${first} is left behind, since ${inWords(reason)}; if it is still there some minutes later, remove it in ` +
    `ZooKeeper's shell: ${commands}`;
  return new LabError(reason instanceof NoAuth ? "usage" : "unavailable", words);
}

function inWords(reason: Reason): string {
  switch (reason) {
    case "ended":
      return "the lab ended at once";
    case "out-of-reach":
      return "no server answered when it was to be removed";
    case "in-use":
      return "something is still in it";
    default:
      return `the ensemble did not let it be removed (${reason.message})`;
  }
}
