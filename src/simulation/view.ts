/** The true state of a world, which nobody in it can know: for checking what its clients believe. */
import { Fingerprint, messageText, requestText } from "./digest.ts";
import type { Change } from "./model-ensemble.ts";
import type { World } from "./world.ts";
import type { ZnodeTree } from "./znode-tree.ts";

export interface Child {
  readonly name: string;
  readonly czxid: number;
  /** The session that owns an ephemeral znode. */
  readonly owner: string;
}

export interface HeldWatch {
  readonly session: string;
  readonly path: string;
  readonly kind: "data" | "children";
}

/** Everything that is committed. */
export function committed({ ensemble }: World): ZnodeTree {
  let [furthest] = ensemble.replicas;
  for (const replica of ensemble.replicas) {
    if (furthest === undefined || replica.applied > furthest.applied) furthest = replica;
  }
  if (furthest === undefined) throw new Error("an ensemble without replicas");
  return furthest.tree;
}

/** A znode's children, in the order of their creation; none if there is no such znode. */
export function childrenOf(world: World, path: string): Child[] {
  const tree = committed(world);
  const found: Child[] = [];
  for (const name of tree.get(path)?.children ?? []) {
    const node = tree.get(path === "/" ? `/${name}` : `${path}/${name}`);
    if (node !== undefined) found.push({ name, czxid: node.czxid, owner: node.owner });
  }
  return found;
}

/** Whether the ensemble has not given the session up. */
export function isAlive({ ensemble }: World, session: string): boolean {
  return ensemble.sessions.has(session);
}

/** The watches that the replicas hold, and for which sessions. */
export function heldWatches({ ensemble }: World): HeldWatch[] {
  const held: HeldWatch[] = [];
  for (const { connections } of ensemble.replicas) {
    for (const { sessionId: session, dataWatches, childWatches } of connections) {
      for (const path of dataWatches) held.push({ session, path, kind: "data" });
      for (const path of childWatches) held.push({ session, path, kind: "children" });
    }
  }
  return held;
}

/** The number of messages and requests in flight. */
export function inFlight({ sessions, ensemble }: World): number {
  let count = 0;
  for (const { link } of ensemble.replicas) count += link.toLeader.length + link.toFollower.length;
  for (const { connections } of sessions) {
    for (const { toServer, toClient, taken } of connections)
      count += toServer.length + toClient.length + taken.length;
  }
  return count;
}

/**
 * The whole state: two worlds of one program that agree in it have the same future. Times are relative to now.
 */
export function stateOf(world: World): string {
  const { ensemble, now } = world;
  const parts: (string | number)[] = [
    ensemble.zxid,
    ensemble.leader?.index ?? "none",
    now % ensemble.tickTimeMs,
  ];
  parts.push(...ensemble.forbidden);
  addTree(parts, committed(world));
  for (const { id, expiresAt } of ensemble.sessions.values()) parts.push("s", id, expiresAt - now);
  if (ensemble.replicas.length > 1) parts.push(ensemble.pings.text);
  for (const { state, applied, heard, touched, tree, link } of ensemble.replicas) {
    parts.push("r", state, ensemble.zxid - applied, heard - applied, [...touched].sort().join(), link.text);
    if (applied === ensemble.zxid) continue;
    addTree(parts, tree);
    for (const { change } of ensemble.log.slice(applied)) parts.push(changeText(change));
  }
  for (const client of world.clients) {
    parts.push("c", client.state, client.network, client.inputs, client.idleMs, client.timerAt - now);
    for (const session of client.sessions) {
      parts.push("session", session.index, session.state, session.failing, session.dueAt - now);
      for (const connection of session.connections) {
        const { replica, serverEnd, clientEnd, toServer, toClient, taken, sessionId } = connection;
        parts.push(
          connection === session.connection ? "current" : "old",
          replica.index,
          serverEnd,
          clientEnd,
        );
        parts.push(ensemble.sessions.get(sessionId)?.owner === replica ? "owner" : "moved");
        parts.push(toServer.map(requestText).join(";"));
        parts.push(toClient.map((message) => messageText(session.index, message)).join(";"));
        parts.push(taken.map(({ request, at, code }) => `${request.operation} ${at} ${code}`).join(";"));
        parts.push([...connection.dataWatches].sort().join(), [...connection.childWatches].sort().join());
      }
    }
  }
  return parts.join(" ");
}

/** {@link stateOf} in a few characters, so that many can be remembered. */
export function digestOf(world: World): string {
  const print = new Fingerprint();
  print.add(stateOf(world), 0);
  return print.text;
}

function addTree(parts: (string | number)[], tree: ZnodeTree): void {
  for (const [path, node] of tree.entries()) {
    parts.push(path, node.czxid, node.mzxid, node.pzxid, node.creations, node.owner, node.data);
    if (node.acl !== undefined) parts.push(JSON.stringify(node.acl));
  }
}

function changeText(change: Change): string {
  switch (change.type) {
    case "create":
      return `create ${change.path} ${change.owner} ${change.data}`;
    case "set":
      return `set ${change.path} ${change.data}`;
    case "remove":
    case "set-acl":
    case "number-from":
      return `${change.type} ${change.path}`;
    case "open-session":
    case "close-session":
      return `${change.type} ${change.session}`;
    case "refusal":
      return change.type;
    default:
      return change satisfies never;
  }
}
