/** What is true in a world, as no one in it can know: for checking what its clients believe. */
import { requestText } from "./digest.ts";
import type { World } from "./world.ts";
import type { ZnodeTree } from "./znode-tree.ts";

export interface Child {
  readonly name: string;
  readonly czxid: number;
  /** The session of an ephemeral one. */
  readonly owner: string;
}

export interface HeldWatch {
  readonly session: string;
  readonly path: string;
  readonly kind: "data" | "children";
}

/** All that is committed. */
export function committed({ ensemble }: World): ZnodeTree {
  let [furthest] = ensemble.replicas;
  for (const replica of ensemble.replicas) {
    if (furthest === undefined || replica.applied > furthest.applied) furthest = replica;
  }
  if (furthest === undefined) throw new Error("an ensemble without replicas");
  return furthest.tree;
}

/** Of a znode, in the order of their creation; none if there is no such znode. */
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

/** What the replicas would tell whom. */
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

/** Messages and requests that are under way. */
export function inFlight({ sessions }: World): number {
  let count = 0;
  for (const { connections } of sessions) {
    for (const { toServer, toClient, taken } of connections)
      count += toServer.length + toClient.length + taken.length;
  }
  return count;
}

/**
 * The whole state: two worlds of one program that agree in it have the same future. Times are told relative to
 * now. Absent are the numbers that only name things that are gone.
 */
export function stateOf(world: World): string {
  const { ensemble, now } = world;
  const parts: (string | number)[] = [ensemble.zxid, ensemble.leader?.index ?? "-"];
  if (world.ensemble.hasTouches) parts.push(`@${now % (ensemble.tickTimeMs / 2)}`);
  for (const [path, node] of committed(world).entries()) {
    parts.push(path, node.czxid, node.mzxid, node.pzxid, node.creations, node.owner, node.data);
  }
  for (const { id, expiresAt } of ensemble.sessions.values()) parts.push("s", id, expiresAt - now);
  for (const { state, applied, touched } of ensemble.replicas) {
    parts.push("r", state, ensemble.zxid - applied, [...touched].sort().join());
  }
  for (const client of world.clients) {
    parts.push("c", client.state, client.network, client.inputs, client.idleMs, client.timerAt - now);
    for (const session of client.sessions) {
      parts.push("session", session.index, session.state, session.dueAt - now);
      for (const connection of session.connections) {
        const { replica, serverEnd, clientEnd, toServer, toClient, taken } = connection;
        parts.push(replica.index, serverEnd, clientEnd, connection === session.connection ? "*" : "");
        parts.push(
          toServer.map(requestText).join(";"),
          toClient.length,
          toClient.map(({ type }) => type).join(),
        );
        parts.push(taken.map(({ request, at }) => `${request.operation}${at}`).join(";"));
        parts.push([...connection.dataWatches].sort().join(), [...connection.childWatches].sort().join());
      }
    }
  }
  return parts.join(" ");
}
