/**
 * Making a contender, and removing it, so that a lost reply neither makes a second one nor leaves one behind: after
 * it, nobody knows whether the create was carried out, so the own guid is looked for first.
 * Sources: ZooKeeper Recipes, "Note on the GUID"; CURATOR-45, CURATOR-498.
 */
import { ConnectionLoss, NoAuth, NodeExists, NoNode, OutcomeUnknown } from "../zookeeper/errors.ts";
import type { Acl, Session } from "../zookeeper/session.ts";
import { connected, pause } from "./connection.ts";
import { type Contender, contenderOf, prefixOf, SequenceExhausted } from "./contenders.ts";
import type { Runtime } from "./runtime.ts";

export interface Entry {
  readonly session: Session;
  /** The znode of the election. */
  readonly path: string;
  readonly data: string;
  /** For the contender, and for parents that are missing. */
  readonly acl: readonly Acl[] | undefined;
  readonly runtime: Runtime;
  /** A create is about to be sent. */
  onCreating(): void;
  /** Whether the contender is still wanted. */
  wanted(): boolean;
}

/**
 * Creates the contender; after a lost reply, finds out first whether it was created.
 * @returns `undefined` when it is no longer wanted and certainly not there
 * @throws {CampaignEnded} when the session ends
 * @throws {SequenceExhausted} when its number is not safe to stand with; it is gone then
 * @throws {ZooKeeperError} when the ensemble refuses it
 */
export async function enter(entry: Entry): Promise<Contender | undefined> {
  const { session, path, runtime } = entry;
  const prefix = prefixOf(runtime.guid());
  let outcome: "known" | "unknown" = "known";
  for (;;) {
    await connected(session);
    try {
      if (outcome === "unknown") {
        const found = await findOwn(session, path, prefix);
        if (found !== undefined) return await admitted(entry, found);
        outcome = "known";
      } else if (!session.contacts.certain) {
        // A create that is lost on such a connection might still be carried out after the session has come back elsewhere.
        await session.sync(path);
      }
      if (!entry.wanted()) return undefined;
      entry.onCreating();
      const created = await session.create(`${path}/${prefix}`, entry.data, "ephemeral-sequential");
      return await admitted(entry, created.slice(created.lastIndexOf("/") + 1));
    } catch (error) {
      if (error instanceof NoNode) await createParents(entry);
      else if (error instanceof ConnectionLoss) {
        outcome = "unknown";
        await pause(runtime);
      } else throw error;
    }
  }
}

/**
 * A znode of a former session may still be there, about to go: it is not ours. The sync comes first because the
 * server that answers now may not have heard yet what another one has carried out.
 */
async function findOwn(session: Session, path: string, prefix: string): Promise<string | undefined> {
  await session.sync(path);
  const name = (await session.children(path))?.find((child) => child.startsWith(prefix));
  if (name === undefined) return undefined;
  const stat = await session.exists(`${path}/${name}`);
  return stat?.createdInThisSession ? name : undefined;
}

async function admitted({ session, path, acl, runtime }: Entry, name: string): Promise<Contender> {
  const contender = contenderOf(name);
  if (contender === undefined) {
    await remove(session, `${path}/${name}`, runtime);
    throw new SequenceExhausted(path, name);
  }
  // The native client creates without an ACL: for one round trip the znode is open to all.
  if (acl !== undefined) await session.setAcl(`${path}/${name}`, acl);
  return contender;
}

async function createParents({ session, path, acl, runtime }: Entry): Promise<void> {
  let refusal: NoAuth | undefined;
  const names = path.split("/").slice(1);
  for (let depth = 1; depth <= names.length; depth++) {
    const parent = `/${names.slice(0, depth).join("/")}`;
    try {
      await session.create(parent, "", "persistent");
      if (acl !== undefined) await session.setAcl(parent, acl);
    } catch (error) {
      if (error instanceof NodeExists) continue;
      // It may be there already: whose parent is closed is refused before that is looked at. The last one is missing.
      if (error instanceof NoAuth && depth < names.length) {
        refusal ??= error;
        continue;
      }
      if (error instanceof NoNode && refusal !== undefined) throw refusal;
      // Another one reaps the parents at this moment, or the connection broke: the create that follows tells.
      if (!(error instanceof NoNode || error instanceof ConnectionLoss)) throw error;
      await pause(runtime);
      return;
    }
  }
}

/**
 * Removes a znode for good: by this delete, or with the session that owns it.
 * @returns whether a delete removed it, or found it gone
 * @throws {ZooKeeperError} when the ensemble refuses it
 */
export async function remove(session: Session, znode: string, runtime: Runtime): Promise<boolean> {
  for (;;) {
    try {
      await session.remove(znode);
      return true;
    } catch (error) {
      if (!(error instanceof ConnectionLoss)) {
        if (error instanceof OutcomeUnknown || isOver(session)) return false;
        throw error;
      }
      await pause(runtime);
      if (isOver(session)) return false;
      await connected(session).catch(() => undefined);
    }
  }
}

/** Whether the session will never be connected again. */
export function isOver({ state }: Session): boolean {
  return state === "expired" || state === "closed";
}
