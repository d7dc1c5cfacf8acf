/**
 * A fence makes the resource itself refuse the acts of a leader that has been succeeded, however late they
 * arrive. Each act carries the token of its term; the resource remembers the highest token that it has seen,
 * and refuses lower ones. Nothing on the leader's side can replace this: a leader may stand still for any
 * length of time between its last check and its act.
 *
 * Promised only for a znode that is always written through a fence: the tokens of its accepted writes never
 * decrease. A stale leader can still write until the new one has written for the first time; to be sure, write
 * once as the first act of a term.
 */
import { BadVersion, NodeExists } from "../zookeeper/errors.ts";
import type { Session, Stat } from "../zookeeper/session.ts";

/** A leader with a higher token has acted before. */
export class Fenced extends Error {
  override readonly name = "Fenced";
  readonly token: number;
  readonly highest: number;

  constructor(token: number, highest: number, where: string) {
    super(`the token ${token} is stale at ${where}: a leader with ${highest} has written there`);
    this.token = token;
    this.highest = highest;
  }
}

/** What a fenced znode holds. */
export interface FencedContent {
  readonly token: number;
  readonly data: string;
}

export interface Fence {
  readonly token: number;
  /**
   * Whether this token may act in another store where `highest` is the highest token that has acted so far.
   * Compare and store in one transaction: `UPDATE t SET value = :v, token = :token WHERE id = :id AND token <=
   * :token`.
   */
  admits(highest: number): boolean;
  /**
   * Writes the znode, and creates it if it is missing, unless a higher token has written it. Among writes with
   * the same token the last one counts.
   * @throws {Fenced} for a stale token
   * @throws {OutcomeUnknown} when the reply was lost: writing again is safe
   * @throws {NoNode} when the parent is missing
   */
  write(session: Session, path: string, data: string): Promise<Stat>;
}

/** @param token a term's */
export function fence(token: number): Fence {
  const admits = (highest: number) => token >= highest;
  return {
    token,
    admits,
    async write(session, path, data) {
      const content = `${token}\n${data}`;
      for (;;) {
        const before = await session.get(path);
        if (before === undefined) {
          await createOldest(session, path);
          continue;
        }
        const { token: highest } = parse(before.data);
        if (!admits(highest)) throw new Fenced(token, highest, path);
        try {
          // The version ties the write to the content that was read: nobody with a higher token has written in
          // between.
          const stat = await session.set(path, content, before.stat.version);
          if (stat !== undefined) return stat;
        } catch (error) {
          if (!(error instanceof BadVersion)) throw error;
        }
      }
    },
  };
}

/** The content of a fenced znode; `undefined` if there is none. */
export async function readFenced(session: Session, path: string): Promise<FencedContent | undefined> {
  const found = await session.get(path);
  return found && parse(found.data);
}

/** Uses the lowest token, so the first write works like all others. */
async function createOldest(session: Session, path: string): Promise<void> {
  try {
    await session.create(path, "", "persistent");
  } catch (error) {
    if (!(error instanceof NodeExists)) throw error;
  }
}

/** Content that was never written through a fence counts as the oldest. */
function parse(content: Buffer): FencedContent {
  const text = content.toString("utf8");
  const end = text.indexOf("\n");
  const token = end === -1 ? Number.NaN : Number(text.slice(0, end));
  return Number.isSafeInteger(token) ? { token, data: text.slice(end + 1) } : { token: 0, data: text };
}
