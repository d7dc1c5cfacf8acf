/**
 * Contenders of other implementations on the path of an election. They and ours do not see each other, so each
 * side would elect its own leader.
 *
 * Not promised: that a leader notices those who join while it leads. It does not look, but the next candidate
 * to join does.
 */
import { isOurs } from "./contenders.ts";

/**
 * Somebody else's znodes stand among this election's contenders: our candidates do not join, wait or lead
 * there.
 */
export class ForeignContenders extends Error {
  override readonly name = "ForeignContenders";
  /** The name of one of them. */
  readonly contender: string;

  /**
   * @param path the election's
   * @param why what is wrong with it, and what to do: the end of a sentence
   */
  constructor(path: string, contender: string, why: string) {
    super(`${path}: "${contender}" ${why}`);
    this.contender = contender;
  }
}

/** The names of other implementations look like this, before the number. */
const families: readonly (readonly [RegExp, string])[] = [
  [/^[\da-f]{32}__(r|w)?lock__/, "kazoo"],
  [/^_c_[\da-f]{32}-/, "go-zookeeper"],
  [/^_c_[\da-f-]{36}-latch-/, "Curator's LeaderLatch"],
  [/^_c_[\da-f-]{36}-/, "Curator"],
  [/^(.+-)?n_/, "ZooKeeper's LeaderElectionSupport, or of another one after its recipe"],
];

/** A server appends ten digits to the name of a sequential znode. */
const NUMBERED = /\d{10}$/;

/** The first child that stands in another implementation's election here; a child without a number does not. */
export function foreignAmong(path: string, children: readonly string[]): ForeignContenders | undefined {
  const name = children.find((child) => !isOurs(child) && NUMBERED.test(child));
  if (name === undefined) return undefined;
  const [, family = "another program"] = families.find(([pattern]) => pattern.test(name)) ?? [];
  return new ForeignContenders(
    path,
    name,
    `is a contender of ${family}, and two implementations on one path would each elect a leader; give this election a ` +
      "separate path",
  );
}

/** A znode with a contender's name that no session owns: it would hold up all behind it for ever. */
export function ownerless(path: string, name: string): ForeignContenders {
  return new ForeignContenders(
    path,
    name,
    "has the name of a contender, but is persistent: it goes with no session, and nobody behind it would ever lead; " +
      "remove it, or give this election a separate path",
  );
}
