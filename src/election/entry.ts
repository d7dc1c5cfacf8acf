/**
 * Creates and removes a contender, so that a lost reply neither makes a second one nor leaves one behind: after
 * a lost reply nobody knows whether the create was carried out, so this looks for its own guid first, in the
 * name, or in the data of a contender that joins by number (by-number.ts). Sources: ZooKeeper Recipes, "Note on
 * the GUID"; CURATOR-45, CURATOR-498.
 */
import { NoAuth, NodeExists, NoNode, OutcomeUnknown } from "../zookeeper/errors.ts";
import type { Acl, Session, Stat } from "../zookeeper/session.ts";
import { findByNumber, prefixUnder } from "./by-number.ts";
import { connected, isOver } from "./connection.ts";
import { encode } from "./contender-data.ts";
import { type Contender, contenderOf, prefixOf, SequenceExhausted } from "./contenders.ts";
import type { Hurry } from "./hurry.ts";
import type { JoinMode } from "./join-mode.ts";
import { passes, type Retries } from "./retries.ts";

export interface Entry {
  readonly session: Session;
  /** The znode of the election. */
  readonly path: string;
  readonly join: JoinMode;
  /** A new one for each contender. */
  readonly guid: string;
  readonly data: string;
  /** Applies to the contender, and to parents that are missing. */
  readonly acl: readonly Acl[] | undefined;
  readonly retries: Retries;
  readonly hurry: Hurry;
  /** A create is about to be sent. */
  onCreating(): void;
  /** Whether the contender is still wanted. */
  wanted(): boolean;
}

/**
 * Creates the contender; after a lost reply, finds out first whether it was created.
 * @returns `undefined` when it is no longer wanted and certainly not there
 * @throws {CampaignEnded} when the session ends
 * @throws {SequenceExhausted} when its number is not safe to stand with; the contender is gone by then
 * @throws {ZooKeeperError} when the ensemble refuses it
 */
export async function enter(entry: Entry): Promise<Contender | undefined> {
  const { session, path, guid, retries, hurry } = entry;
  let { join } = entry;
  /** As seen before the create, if that is by number. */
  let parent: Stat | undefined;
  let outcome: "known" | "unknown" = "known";
  let parents: "expected" | "made" = "expected";
  for (;;) {
    await connected(session);
    try {
      if (outcome === "unknown") {
        const found = await findOwn(session, path, guid, parent);
        outcome = "known";
        const contender = found === undefined ? undefined : await admitted(entry, found, parent);
        if (contender !== undefined) return contender;
      } else if (!session.contacts.certain) {
        // If a create is lost on such a connection, it might still be carried out after the session has come
        // back elsewhere.
        await session.sync(path);
      }
      parent = join === "by-number" ? await session.exists(path) : undefined;
      if (!entry.wanted()) return undefined;
      entry.onCreating();
      const prefix = parent === undefined ? prefixOf(guid) : prefixUnder(parent);
      const content = encode({ data: entry.data, ...(parent && { guid }) });
      const created = await session.create(`${path}/${prefix}`, content, "ephemeral-sequential");
      const contender = await admitted(entry, created.slice(created.lastIndexOf("/") + 1), parent);
      if (contender !== undefined) return contender;
    } catch (error) {
      // Somebody else has made a znode of that name, or the counter has come to its end.
      if (error instanceof NodeExists && parent !== undefined) join = "by-list";
      else if (error instanceof NoNode) {
        // Somebody removes the parents as often as they are made.
        if (parents === "made") await retries.pause(error, hurry.signal);
        await createParents(entry);
        parents = "made";
      } else if (passes(error)) {
        if (error instanceof OutcomeUnknown) outcome = "unknown";
        await retries.pause(error, hurry.signal);
      } else throw error;
    }
  }
}

/**
 * A znode of a former session may still be there, about to go: it is not ours. The sync comes first because the
 * server that answers now may not yet know what another one has carried out.
 */
async function findOwn(
  session: Session,
  path: string,
  guid: string,
  parent: Stat | undefined,
): Promise<string | undefined> {
  await session.sync(path);
  const children = (await session.children(path)) ?? [];
  if (parent !== undefined) return findByNumber(session, path, children, { guid, parent });
  const name = children.find((child) => child.startsWith(prefixOf(guid)));
  if (name === undefined) return undefined;
  const stat = await session.exists(`${path}/${name}`);
  return stat?.createdInThisSession ? name : undefined;
}

/**
 * @param parent what it is named after
 * @returns `undefined` when that is not its parent, and it is gone
 */
async function admitted(
  entry: Entry,
  name: string,
  parent: Stat | undefined,
): Promise<Contender | undefined> {
  const { session, path, retries } = entry;
  const contender = contenderOf(name);
  if (contender === undefined) {
    await remove(session, `${path}/${name}`, retries);
    throw new SequenceExhausted(path, name);
  }
  const present = parent && (await persistently(entry, () => session.exists(path)));
  if (present?.czxid !== parent?.czxid) {
    await remove(session, `${path}/${name}`, retries);
    return undefined;
  }
  await protect(entry, `${path}/${name}`);
  return contender;
}

/** The native client creates without an ACL: until this call is answered, the znode is open to all. */
async function protect(entry: Entry, znode: string): Promise<void> {
  const { session, acl } = entry;
  if (acl !== undefined) await persistently(entry, () => session.setAcl(znode, acl));
}

/** @throws {CampaignEnded} when the session ends before there is an answer */
async function persistently<T>({ session, retries, hurry }: Entry, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    await connected(session);
    try {
      return await ask();
    } catch (error) {
      if (!passes(error)) throw error;
      await retries.pause(error, hurry.signal);
    }
  }
}

/** @throws {NoNode} when there is no parent to create them under */
async function createParents(entry: Entry): Promise<void> {
  const { session, path } = entry;
  let refusal: NoAuth | undefined;
  const names = path.split("/").slice(1);
  for (let depth = 1; depth <= names.length; depth++) {
    const parent = `/${names.slice(0, depth).join("/")}`;
    try {
      await session.create(parent, "", "persistent");
      await protect(entry, parent);
    } catch (error) {
      if (error instanceof NodeExists) continue;
      // The znode may exist already: a create under a closed parent is refused before the server checks that.
      // The last one is missing.
      if (error instanceof NoAuth && depth < names.length) {
        refusal ??= error;
        continue;
      }
      if (error instanceof NoNode && refusal !== undefined) throw refusal;
      if (error instanceof NoNode && depth === 1)
        throw new NoNode(error.code, NO_CHROOT, { path: parent, cause: error });
      // Somebody removes the parents at this moment, or the call was lost: the create that follows will show
      // which.
      if (error instanceof NoNode || passes(error)) return;
      throw error;
    }
  }
}

const NO_CHROOT =
  "the chroot of the connect string does not exist; create that znode, or correct the connect string; it should contain";

/**
 * Removes a znode for good: by this delete, or with the session that owns it.
 * @returns whether a delete removed the znode, or found it gone
 * @throws {ZooKeeperError} when the ensemble refuses the delete
 */
export async function remove(session: Session, znode: string, retries: Retries): Promise<boolean> {
  for (;;) {
    try {
      await session.remove(znode);
      return true;
    } catch (error) {
      if (!passes(error)) {
        if (error instanceof OutcomeUnknown || isOver(session)) return false;
        throw error;
      }
      await retries.pause(error);
      if (isOver(session)) return false;
      await connected(session).catch(() => undefined);
    }
  }
}
