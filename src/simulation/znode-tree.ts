/**
 * The znodes as one replica holds them, and the effect of a transaction on them. It checks nothing: the leader
 * has checked everything committed, on its own tree.
 */
import type { Acl, Stat } from "../zookeeper/session.ts";

export interface Znode {
  data: string;
  readonly czxid: number;
  mzxid: number;
  pzxid: number;
  version: number;
  /** The number of children ever created, an int32: the number of the next sequential one. */
  creations: number;
  /** The session that owns an ephemeral znode; {@link NOBODY} or {@link CONTAINER} for others. */
  readonly owner: string;
  readonly children: Set<string>;
  acl: readonly Acl[] | undefined;
}

export const NOBODY = "0";
/** ZooKeeper's mark of a container, in place of an owner. */
export const CONTAINER = "8000000000000000";

/**
 * What follows the number 2147483647: it `wraps` to the smallest one, as the Programmer's Guide says, or it
 * `sticks`, as in ZooKeeper 3.9.5, which does not take a smaller count for a newer one (`DataTree.createNode`).
 * There, such a child does not even count as a change of its parent.
 */
export type SequenceOverflow = "wraps" | "sticks";

const none: ReadonlySet<string> = new Set();

export function parentOf(path: string): string {
  const end = path.lastIndexOf("/");
  return end === 0 ? "/" : path.slice(0, end);
}

export class ZnodeTree {
  readonly #nodes = new Map<string, Znode>();
  readonly #ephemerals = new Map<string, Set<string>>();

  readonly #overflow: SequenceOverflow;

  constructor(overflow: SequenceOverflow) {
    this.#overflow = overflow;
    this.#nodes.set("/", newZnode("", NOBODY, 0));
  }

  get(path: string): Znode | undefined {
    return this.#nodes.get(path);
  }

  /** All znodes, in the order of their creation. */
  entries(): IterableIterator<[path: string, node: Znode]> {
    return this.#nodes.entries();
  }

  ephemeralsOf(session: string): ReadonlySet<string> {
    return this.#ephemerals.get(session) ?? none;
  }

  create(path: string, data: string, owner: string, zxid: number): void {
    this.#nodes.set(path, newZnode(data, owner, zxid));
    const parentPath = parentOf(path);
    const parent = this.#nodes.get(parentPath);
    if (parent !== undefined) {
      parent.children.add(path.slice(path.lastIndexOf("/") + 1));
      this.#count(parent, zxid);
    }
    if (owner === NOBODY || owner === CONTAINER) return;
    const own = this.#ephemerals.get(owner);
    if (own === undefined) this.#ephemerals.set(owner, new Set([path]));
    else own.add(path);
  }

  #count(parent: Znode, zxid: number): void {
    const next = (parent.creations + 1) | 0;
    if (next < parent.creations && this.#overflow === "sticks") return;
    parent.creations = next;
    parent.pzxid = zxid;
  }

  remove(path: string, zxid: number): void {
    const node = this.#nodes.get(path);
    if (node === undefined) return;
    this.#nodes.delete(path);
    this.#ephemerals.get(node.owner)?.delete(path);
    const parent = this.#nodes.get(parentOf(path));
    if (parent === undefined) return;
    parent.children.delete(path.slice(path.lastIndexOf("/") + 1));
    parent.pzxid = zxid;
  }

  set(path: string, data: string, zxid: number): void {
    const node = this.#nodes.get(path);
    if (node === undefined) return;
    node.data = data;
    node.mzxid = zxid;
    node.version++;
  }
}

function newZnode(data: string, owner: string, zxid: number): Znode {
  return {
    data,
    czxid: zxid,
    mzxid: zxid,
    pzxid: zxid,
    version: 0,
    creations: 0,
    owner,
    children: new Set(),
    acl: undefined,
  };
}

/** The ZooKeeper permissions used here. */
const permissions = { read: 1, write: 2, create: 4, delete: 8, admin: 16 } as const;

/** Whether anyone may: nobody authenticates here. A znode without an ACL is open. */
export function permits({ acl }: Znode, permission: keyof typeof permissions): boolean {
  if (acl === undefined) return true;
  const wanted = permissions[permission];
  return acl.some((entry) => entry.scheme === "world" && (entry.permissions & wanted) !== 0);
}

/** The stat that a session sees. */
export function statOf(node: Znode, session: string): Stat {
  return {
    czxid: node.czxid,
    mzxid: node.mzxid,
    pzxid: node.pzxid,
    version: node.version,
    // The server translates the count of creations to a count of changes.
    cversion: (node.creations * 2 - node.children.size) | 0,
    dataLength: Buffer.byteLength(node.data),
    numChildren: node.children.size,
    ephemeralOwner: node.owner === CONTAINER ? NOBODY : node.owner,
    createdInThisSession: node.owner === session,
  };
}
