/**
 * The replicas together: one of them leads, orders all writes in one log and decides which sessions live. The
 * others follow, each at the end of its {@link Link}. Source: ZooKeeper's PrepRequestProcessor (checks,
 * sequence numbers), SessionTrackerImpl and ExpiryQueue (expiry in buckets of a tick), Leader and
 * LearnerHandler (pings, syncs, sessions that come back).
 *
 * Everything that the leader has ordered is committed: a proposal that a quorum never sees is modelled as a
 * lost request. A zxid is a mere counter here, without the epoch in its upper half.
 */
import type { Acl } from "../zookeeper/session.ts";
import type { Clock } from "./clock.ts";
import type { Connection } from "./connection.ts";
import type { FromFollower } from "./link.ts";
import type { Call, Request } from "./message.ts";
import { isHeard } from "./network.ts";
import { Pings } from "./pings.ts";
import { Replica } from "./replica.ts";
import {
  BAD_VERSION,
  NO_AUTH,
  NO_CHILDREN_FOR_EPHEMERALS,
  NO_NODE,
  NODE_EXISTS,
  NOT_EMPTY,
  SESSION_EXPIRED,
  SESSION_MOVED,
} from "./return-codes.ts";
import { CONTAINER, NOBODY, parentOf, permits, type SequenceOverflow, statOf } from "./znode-tree.ts";

export interface WorldOptions {
  /**
   * The number of replicas; the first one leads.
   * @default 1
   */
  readonly replicas?: number;
  /** @default 200 */
  readonly tickTimeMs?: number;
  /**
   * The seed of the clients' chance, and of the order in which children are listed.
   * @default 1
   */
  readonly seed?: number;
  /** @default "wraps" */
  readonly sequenceOverflow?: SequenceOverflow;
}

export type Change =
  | { readonly type: "create"; readonly path: string; readonly data: string; readonly owner: string }
  | { readonly type: "remove"; readonly path: string }
  | { readonly type: "set"; readonly path: string; readonly data: string }
  | { readonly type: "set-acl"; readonly path: string; readonly acl: readonly Acl[] }
  | { readonly type: "open-session"; readonly session: string }
  | { readonly type: "close-session"; readonly session: string; readonly by: Connection | undefined }
  /** An operator sets the number of the next sequential child. */
  | { readonly type: "number-from"; readonly path: string; readonly creations: number }
  /** A refused write has its place in the order, too. */
  | { readonly type: "refusal" };

export interface Transaction {
  readonly zxid: number;
  readonly change: Change;
}

export interface LiveSession {
  readonly id: string;
  readonly timeoutMs: number;
  /** The time when the leader gives it up: a multiple of the tick. */
  expiresAt: number;
  /** The replica where it was last connected: requests that arrive through another one are refused. */
  owner: Replica;
}

interface Outcome {
  readonly at: number;
  readonly code: number;
  readonly value: unknown;
}

export class ModelEnsemble {
  readonly replicas: readonly Replica[];
  readonly tickTimeMs: number;
  /** The seed of the order in which children are listed. */
  readonly seed: number;
  readonly log: Transaction[] = [];
  readonly sessions = new Map<string, LiveSession>();
  /** Parents below which no session may create anything. */
  readonly forbidden = new Set<string>();
  /** `undefined` while there is no quorum. */
  leader: Replica | undefined;
  pings: Pings;
  readonly #clock: Clock;
  #opened = 0;

  constructor({ replicas, tickTimeMs, seed, sequenceOverflow }: Required<WorldOptions>, clock: Clock) {
    this.tickTimeMs = tickTimeMs;
    this.seed = seed;
    this.#clock = clock;
    this.replicas = Array.from(
      { length: replicas },
      (_, index) => new Replica(index, this, sequenceOverflow),
    );
    this.leader = this.replicas[0];
    this.pings = new Pings(tickTimeMs, clock);
  }

  /** The last transaction. */
  get zxid(): number {
    return this.log.length;
  }

  /**
   * Whether anything can be decided: there is a leader that runs, and most of the others run and hear each
   * other with it.
   */
  get available(): boolean {
    if (this.leader?.state !== "up") return false;
    let able = 0;
    for (const replica of this.replicas)
      if (replica === this.leader || (replica.state === "up" && replica.link.carries)) able++;
    return able * 2 > this.replicas.length;
  }

  // Sessions

  open({ replica, sessionId: id }: Connection, timeoutMs: number): number {
    this.sessions.set(id, { id, timeoutMs, expiresAt: this.#bucketOf(timeoutMs), owner: replica });
    return this.commit({ type: "open-session", session: id });
  }

  /**
   * An old session comes back, perhaps to another replica.
   * @returns whether it still lives
   */
  revalidate(id: string, owner: Replica): boolean {
    const session = this.sessions.get(id);
    if (session === undefined) return false;
    session.owner = owner;
    this.#renew(session);
    return true;
  }

  newSessionId(): string {
    this.#opened++;
    return (0x100000000 + this.#opened).toString(16);
  }

  touch(id: string): void {
    const session = this.sessions.get(id);
    if (session !== undefined) this.#renew(session);
  }

  #renew(session: LiveSession): void {
    session.expiresAt = Math.max(session.expiresAt, this.#bucketOf(session.timeoutMs));
  }

  #bucketOf(timeoutMs: number): number {
    return (Math.floor((this.#clock.now + timeoutMs) / this.tickTimeMs) + 1) * this.tickTimeMs;
  }

  /** Ends a session, and with it its ephemeral znodes. */
  close(id: string, by?: Connection): void {
    if (this.sessions.delete(id)) this.commit({ type: "close-session", session: id, by });
  }

  /** The time when the next session is given up if nobody hears from it until then. */
  get nextExpiryAt(): number {
    let next = Number.POSITIVE_INFINITY;
    if (!this.available) return next;
    for (const { expiresAt } of this.sessions.values()) if (expiresAt < next) next = expiresAt;
    return next;
  }

  expire(): void {
    if (!this.available) return;
    for (const { id, expiresAt } of [...this.sessions.values()]) {
      if (expiresAt <= this.#clock.now) this.close(id);
    }
  }

  // Between the leader and its followers

  /** Whether the leader can take the next message of a follower. */
  hearsOf({ link }: Replica): boolean {
    return link.toLeader.length > 0 && isHeard(link.network) && this.available;
  }

  hear(follower: Replica): void {
    const message = follower.link.toLeader.shift();
    if (message !== undefined) this.#hear(follower, message);
  }

  #hear(follower: Replica, message: FromFollower): void {
    switch (message.type) {
      case "request": {
        const { request, taken, by } = message;
        if (request.operation === "sync") follower.link.toFollower.push({ type: "synced", taken, by });
        else Object.assign(taken, this.write(request, by));
        return;
      }
      case "open":
        message.taken.at = this.open(message.by, message.timeoutMs);
        return;
      case "revalidate": {
        const { session } = message;
        const valid = this.revalidate(session, follower);
        follower.link.toFollower.push({ type: "revalidated", session, valid });
        return;
      }
      case "touched":
        for (const session of message.sessions) this.touch(session);
        return;
      default:
        message satisfies never;
    }
  }

  /** Whether a running leader has pings to send. */
  get owesPings(): boolean {
    return this.leader?.state === "up" && this.pings.due && this.hasTouches;
  }

  /** The time when pings become due, or if they are due, by when they must have been sent. */
  get nextPingsAt(): number {
    return this.leader?.state === "up" && this.hasTouches ? this.pings.nextAt : Number.POSITIVE_INFINITY;
  }

  ping(): void {
    this.pings.sent();
    for (const { link, touched } of this.replicas)
      if (link.state === "joined" && touched.size > 0) link.toFollower.push({ type: "ping" });
  }

  /** Whether any follower has heard from a session since its last reply to a ping. */
  get hasTouches(): boolean {
    return this.replicas.some(({ touched }) => touched.size > 0);
  }

  /** The leader stands still, and keeps its connections. */
  standsStill(): void {
    if (this.owesPings && this.pings.mustBeSent) this.ping();
    this.pings.standsStill();
  }

  // Replicas that go and come back

  /**
   * Elects a new leader, if there is a quorum: it tracks every session afresh, and all connections are gone,
   * including those between the replicas.
   */
  elect(wish?: Replica): void {
    for (const replica of this.replicas) {
      replica.part("apart");
      replica.link.network = "open";
    }
    const able = this.replicas.filter(({ state }) => state !== "down");
    const quorum = able.length * 2 > this.replicas.length;
    this.leader = quorum ? (wish ?? able.find(({ state }) => state === "up") ?? able[0]) : undefined;
    if (this.leader === undefined) return;
    // The others' state comes to it from one of them.
    this.leader.catchUp();
    this.pings = new Pings(this.tickTimeMs, this.#clock);
    for (const session of this.sessions.values()) session.expiresAt = this.#bucketOf(session.timeoutMs);
  }

  /** All servers come back empty, and have forgotten every session. */
  loseData(): void {
    this.log.length = 0;
    this.sessions.clear();
    for (const replica of this.replicas) replica.loseData();
    this.elect();
  }

  /** Whether a follower can find its leader. */
  mayJoin({ state, link, index }: Replica): boolean {
    return (
      link.state === "apart" && state === "up" && this.leader?.state === "up" && this.leader.index !== index
    );
  }

  /** A follower that finds its leader gets the leader's state, and serves. */
  join(follower: Replica): void {
    follower.catchUp();
    follower.link.state = "joined";
  }

  // Writes

  commit(change: Change): number {
    const zxid = this.log.length + 1;
    this.log.push({ zxid, change });
    this.leader?.apply();
    for (const replica of this.replicas)
      if (replica !== this.leader && replica.link.state === "joined")
        replica.link.toFollower.push({ type: "commit", zxid });
    return zxid;
  }

  write(request: Request, connection: Connection): Outcome {
    const session = this.sessions.get(connection.sessionId);
    if (session === undefined) return this.#refuse(SESSION_EXPIRED);
    if (session.owner !== connection.replica) return this.#refuse(SESSION_MOVED);
    switch (request.operation) {
      case "create":
        return this.#create(request, connection);
      case "set":
        return this.#set(request, connection);
      case "remove":
        return this.#remove(request);
      case "set-acl":
        return this.#setAcl(request);
      case "close-session":
        this.sessions.delete(connection.sessionId);
        return this.#done(
          { type: "close-session", session: connection.sessionId, by: connection },
          undefined,
        );
      case "get":
      case "exists":
      case "children":
      case "sync":
      case "ping":
      case "set-watches":
        throw new Error(`${request.operation} is no write`);
      default:
        return request satisfies never;
    }
  }

  #create({ path, data, mode }: Call, { sessionId }: Connection): Outcome {
    const parentPath = parentOf(path);
    const parent = this.leader?.tree.get(parentPath);
    if (parent === undefined) return this.#refuse(NO_NODE);
    if (this.forbidden.has(parentPath) || !permits(parent, "create")) return this.#refuse(NO_AUTH);
    const sequential = mode === "persistent-sequential" || mode === "ephemeral-sequential";
    const created = sequential ? path + sequenceName(parent.creations) : path;
    if (this.leader?.tree.get(created) !== undefined) return this.#refuse(NODE_EXISTS);
    if (parent.owner !== NOBODY && parent.owner !== CONTAINER)
      return this.#refuse(NO_CHILDREN_FOR_EPHEMERALS);
    const ephemeral = mode === "ephemeral" || mode === "ephemeral-sequential";
    const owner = ephemeral ? sessionId : mode === "container" ? CONTAINER : NOBODY;
    return this.#done({ type: "create", path: created, data, owner }, created);
  }

  #set({ path, data, version }: Call, { sessionId }: Connection): Outcome {
    const node = this.leader?.tree.get(path);
    if (node === undefined) return this.#refuse(NO_NODE);
    if (!permits(node, "write")) return this.#refuse(NO_AUTH);
    if (version !== -1 && version !== node.version) return this.#refuse(BAD_VERSION);
    const zxid = this.commit({ type: "set", path, data });
    return { at: zxid, code: 0, value: statOf(node, sessionId) };
  }

  #setAcl({ path, acl = [] }: Call): Outcome {
    const node = this.leader?.tree.get(path);
    if (node === undefined) return this.#refuse(NO_NODE);
    if (!permits(node, "admin")) return this.#refuse(NO_AUTH);
    return this.#done({ type: "set-acl", path, acl }, true);
  }

  #remove({ path, version }: Call): Outcome {
    const node = this.leader?.tree.get(path);
    const parent = this.leader?.tree.get(parentOf(path));
    if (node === undefined || parent === undefined) return this.#refuse(NO_NODE);
    if (!permits(parent, "delete")) return this.#refuse(NO_AUTH);
    if (version !== -1 && version !== node.version) return this.#refuse(BAD_VERSION);
    if (node.children.size > 0) return this.#refuse(NOT_EMPTY);
    return this.#done({ type: "remove", path }, true);
  }

  #done(change: Change, value: unknown): Outcome {
    return { at: this.commit(change), code: 0, value };
  }

  #refuse(code: number): Outcome {
    return { at: this.commit({ type: "refusal" }), code, value: undefined };
  }
}

/** Java's `%010d`: the sign counts among the ten characters. */
function sequenceName(number: number): string {
  return number < 0 ? `-${String(-number).padStart(9, "0")}` : String(number).padStart(10, "0");
}
