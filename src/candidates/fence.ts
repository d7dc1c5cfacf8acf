/**
 * SEAM: stands in for election/fence.ts, with the same interface, until that is there. Then this file goes.
 *
 * A fence: the znode itself keeps the highest token that has written, and a write is conditional on the version at
 * which that token was read.
 */
import { BadVersion, NO_NODE, NoNode } from "../zookeeper/errors.ts";
import type { Session, Stat } from "../zookeeper/session.ts";

/** A higher token has written before. */
export class Fenced extends Error {
  override readonly name = "Fenced";
}

export interface Fence {
  /** @throws {Fenced} for a token lower than one that has written before */
  write(session: Session, path: string, data: string): Promise<Stat>;
}

export function fence(token: number): Fence {
  return {
    async write(session, path, data) {
      for (;;) {
        const found = await session.get(path);
        if (found === undefined) throw new NoNode(NO_NODE, "no such znode", { path });
        const [highest = ""] = found.data.toString("utf8").split(" ");
        if (Number(highest) > token) throw new Fenced(`the token ${token} comes after ${highest}`);
        try {
          const stat = await session.set(path, `${token} ${data}`, found.stat.version);
          if (stat !== undefined) return stat;
        } catch (error) {
          if (!(error instanceof BadVersion)) throw error;
        }
      }
    },
  };
}
