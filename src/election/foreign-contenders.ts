/**
 * Contenders of other implementations on the path of an election. They and ours do not see each other, so that
 * each would elect a leader of its own.
 *
 * Not promised: that a leader notices those who come while it leads. It does not
 * look; whoever joins after them does.
 */
import { isOurs } from "./contenders.ts";

/**
 * Somebody else's znodes stand where this election's contenders do: nobody of ours joins, waits or leads there.
 */
export class ForeignContenders extends Error {
  override readonly name = "ForeignContenders";
  /** The name of one of them. */
  readonly contender: string;

  /**
   * @param path of the election
   * @param why what is wrong with it, and what to do: the end of a sentence
   */
  constructor(path: string, contender: string, why: string) {
    super(`${path}: "${contender}" ${why}`);
    this.contender = contender;
  }
}

/** Whose names look like this, before the number. */
const families: readonly (readonly [RegExp, string])[] = [
  [/^[\da-f]{32}__(r|w)?lock__/, "kazoo"],
  [/^_c_[\da-f]{32}-/, "go-zookeeper"],
  [/^_c_[\da-f-]{36}-latch-/, "Curator's LeaderLatch"],
  [/^_c_[\da-f-]{36}-/, "Curator"],
  [/^(.+-)?n_/, "ZooKeeper's LeaderElectionSupport, or of another one after its recipe"],
];

/** Ten digits are what a server adds to the name of a sequential znode. */
const NUMBERED = /\d{10}$/;

/** The first of the children that stands in another election here; one without a number does not. */
export function foreignAmong(path: string, children: readonly string[]): ForeignContenders | undefined {
  const name = children.find((child) => !isOurs(child) && NUMBERED.test(child));
  if (name === undefined) return undefined;
  const [, family = "another program"] = families.find(([pattern]) => pattern.test(name)) ?? [];
  return new ForeignContenders(
    path,
    name,
    `is a contender of ${family}, and two implementations on one path elect a leader each; give this election a path ` +
      "of its own",
  );
}

/** A znode with the name of a contender that no session owns: it would hold up all behind it for ever. */
export function ownerless(path: string, name: string): ForeignContenders {
  return new ForeignContenders(
    path,
    name,
    "has the name of a contender, but is persistent: it goes with no session, and nobody behind it would ever lead; " +
      "remove it, or give this election a path of its own",
  );
}
