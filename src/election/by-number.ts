/**
 * Joining by number: a candidate that joins reads one znode instead of the list of all. By list, N candidates
 * that join together read N²/2 names.
 *
 * Contenders that join by number have no guid in their names. All have the same digits there: the czxid of the
 * election's znode, their parent. So the name of a contender with the number s says what the one with the
 * number s − 1 is called, if that joined by number as well. If that znode is there, it is the one just before,
 * and the candidate watches it without having seen any other. Else it looks at the list, as in the recipe:
 * that one may have gone, or joined by list, or be another program's.
 *
 * Why the znode with the number s − 1 is the one just before: Let a candidate have created a contender with the
 * number s, and then find a znode of that name with the number s − 1 under the same parent.
 * 1. The servers number the sequential children of a parent in the order in which they are created, each
 *    number once. No number is between s − 1 and s, so no contender is, and none ever will be, whatever its
 *    name. Failed creates and other programs' children use numbers up; then nothing with that name is found.
 * 2. It is under the same parent, which was not removed and created again meanwhile, where numbers restart:
 *    the candidate reads the parent's czxid before the create and after it. If they are equal the parent was
 *    there all the time, and the name contains it. No other parent has that czxid, so under another one nobody
 *    who has compared both has such a name.
 * 3. Near the end of the counter, where numbers no longer grow, nobody stands (contenders.ts).
 * So this read is as good as a list in which that znode stands just before the candidate's own. What follows is
 * the same: the scheme's watch, and if the znode has gone by the time it is to be watched, a look at the list.
 * For an heir (heir.ts) it proves that nobody was, or can come, between the two.
 *
 * After a reconnection it is the same: who has joined by number, and waits, asks for its own znode and for the
 * one that it waits for, and reads no list. Let W have been just before a contender C, as seen in a list or
 * known by their numbers. If W and C are still there W is still just before C: whoever has joined since then is
 * behind C by 1., and those between the two would have been there before. Both are the same znodes as before.
 * C is, as it was created in this session under this name; so the parent has not been removed meanwhile, since
 * C would have gone first; and under one parent no name is given twice. If W has gone a look at the list
 * follows, as in the recipe. The watch on W is set again by the client, before any request, and it is known
 * whether it was ever set (kept-watch.ts). Whoever W's end would wake is woken, or finds W missing.
 * The answers come over one connection, in the order of the questions, C's first; whatever happens to C later
 * is noticed as while it waits. An heir watches C before it takes W's announcement, as after a list (heir.ts).
 *
 * Finding one's own znode after a lost reply: by list its name contains a guid. By number the guid is in its
 * data. A znode that was created in this session is the candidate's own, unless it has another guid, which is
 * that of another election in this session; if somebody has overwritten the data, it has none. Newer
 * contenders have greater numbers, so the search goes from the newest down, and ends at the first one that is
 * no newer than what the candidate had seen of the parent before it sent the create.
 *
 * A name without a guid is the name of one contender only as long as 2. holds. If somebody removes all
 * contenders and the election's znode, which unseats everybody, and it is created again in the moment between a
 * candidate's read of the old one and its create, then until that candidate's second read its contender may
 * have the name of a removed one, whose owner takes it for its own. That owner's token is lower than that of
 * anybody who leads afterwards, and the fence refuses it.
 */
import type { Session, Stat } from "../zookeeper/session.ts";
import { decode } from "./contender-data.ts";
import { prefixOf } from "./contenders.ts";

/**
 * The parent's czxid stands in place of the guid, in 32 digits: so every version takes the name for a
 * contender's. No guid looks like that: its 13th digit says that it is random.
 */
export function prefixUnder({ czxid }: Stat): string {
  return prefixOf(czxid.toString(16).padStart(32, "0"));
}

/** A create whose reply was lost. */
export interface LostCreate {
  readonly guid: string;
  /** The parent as seen before it was sent. */
  readonly parent: Stat;
}

/** @param children of the election's znode, listed after the create was carried out, if it was */
export async function findByNumber(
  session: Session,
  path: string,
  children: readonly string[],
  { guid, parent }: LostCreate,
): Promise<string | undefined> {
  const prefix = prefixUnder(parent);
  // Where the counter has wrapped, the negative numbers are the newest: an own one has to go.
  const ages = children
    .filter((name) => name.startsWith(prefix))
    .map((name) => ({ name, age: Number(name.slice(prefix.length)) >>> 0 }));
  for (const { name } of ages.sort((a, b) => b.age - a.age)) {
    const found = await session.get(`${path}/${name}`);
    if (found === undefined) continue;
    if (found.stat.czxid <= parent.pzxid) return undefined;
    const { guid: its = guid } = decode(found.data);
    if (found.stat.createdInThisSession && its === guid) return name;
  }
  return undefined;
}
