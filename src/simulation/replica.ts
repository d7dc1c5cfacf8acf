/**
 * One server of the ensemble: its own copy of the znodes, with the commits that it has applied, the watches and
 * answers of its connections, and its link to the leader, if it follows.
 *
 * As in ZooKeeper, reads are served from its own copy, however old that is; the answers of a connection keep
 * the order of its requests; a write is answered once it is applied here, after the notifications that it
 * causes. A follower answers its leader's messages at once, except for commits, and syncs behind them, which
 * wait until the commits are applied. Source: FollowerRequestProcessor, CommitProcessor, FinalRequestProcessor,
 * Learner.
 */
import type { WatchEvent } from "../zookeeper/session.ts";
import { type Connection, type Taken, UNDECIDED } from "./connection.ts";
import { type FromLeader, Link } from "./link.ts";
import { isCall, needsLeader, type Request } from "./message.ts";
import type { ModelEnsemble, Transaction } from "./model-ensemble.ts";
import { hears } from "./network.ts";
import { Random } from "./random.ts";
import { NO_AUTH, NO_NODE, SESSION_MOVED, THROTTLED } from "./return-codes.ts";
import { parentOf, permits, type SequenceOverflow, statOf, ZnodeTree } from "./znode-tree.ts";

export class Replica {
  readonly index: number;
  tree: ZnodeTree;
  readonly connections = new Set<Connection>();
  /** Used while it follows. */
  readonly link = new Link();
  /** Sessions heard here since the last reply to a ping of the leader. */
  readonly touched = new Set<string>();
  /** The number of transactions of the ensemble's log that are applied. */
  applied = 0;
  /**
   * As a follower: the number of transactions that it has heard of, and applies one by one (`CommitProcessor`).
   */
  heard = 0;
  state: "up" | "paused" | "down" = "up";
  /** The number of calls that it will refuse, because it is overloaded (`RequestThrottler`). */
  refusals = 0;
  readonly #ensemble: ModelEnsemble;
  /**
   * Connections that wait to hear whether their session still lives: the last one of each session
   * (`pendingRevalidations`).
   */
  readonly #comingBack = new Map<string, Connection>();
  readonly #overflow: SequenceOverflow;

  constructor(index: number, ensemble: ModelEnsemble, overflow: SequenceOverflow) {
    this.index = index;
    this.#ensemble = ensemble;
    this.tree = new ZnodeTree(overflow);
    this.#overflow = overflow;
  }

  /** The last transaction that it shows. */
  get zxid(): number {
    return this.applied;
  }

  get #leads(): boolean {
    return this.#ensemble.leader === this;
  }

  // For clients

  /** Whether clients are served at all: by the leader, and by followers that have joined it. */
  get serves(): boolean {
    return this.state === "up" && (this.#leads ? this.#ensemble.available : this.link.state === "joined");
  }

  /** Accepts a connection: for a session that is to be opened, or one that comes back. */
  connect(connection: Connection, session: "new" | "known", timeoutMs: number): void {
    const { sessionId } = connection;
    for (const other of this.connections) if (other.sessionId === sessionId) other.closeServerEnd();
    this.connections.add(connection);
    const taken: Taken = { request: { operation: "connect" }, at: UNDECIDED, code: 0, value: undefined };
    connection.taken.push(taken);
    if (session === "new") {
      if (this.#leads) taken.at = this.#ensemble.open(connection, timeoutMs);
      else this.link.toLeader.push({ type: "open", timeoutMs, taken, by: connection });
      this.#answer(connection);
      return;
    }
    this.#comingBack.set(sessionId, connection);
    if (this.#leads) this.#revalidated(sessionId, this.#ensemble.revalidate(sessionId, this));
    else this.link.toLeader.push({ type: "revalidate", session: sessionId });
  }

  #revalidated(session: string, valid: boolean): void {
    const connection = this.#comingBack.get(session);
    this.#comingBack.delete(session);
    const taken = connection?.taken[0];
    if (connection === undefined || taken === undefined) return;
    if (valid) {
      taken.at = 0;
      this.#answer(connection);
    } else connection.refuse();
  }

  /** Takes the next request of a connection. */
  take(connection: Connection): void {
    const request = connection.toServer.shift();
    if (request === undefined) return;
    this.#touch(connection.sessionId);
    this.#keep(connection, request);
    this.#answer(connection);
    if (connection.clientEnd === "closed" && connection.toServer.length === 0) connection.closeServerEnd();
  }

  #touch(session: string): void {
    if (this.#leads) this.#ensemble.touch(session);
    else {
      if (!this.#ensemble.hasTouches) this.#ensemble.pings.skip();
      this.touched.add(session);
    }
  }

  // As a follower

  /** Whether it can take the next message of its leader. */
  get hearsLeader(): boolean {
    return this.state === "up" && this.link.toFollower.length > 0 && hears(this.link.network);
  }

  hearLeader(): void {
    const message = this.link.toFollower.shift();
    if (message !== undefined) this.#hear(message);
  }

  #hear(message: FromLeader): void {
    switch (message.type) {
      case "ping":
        this.link.toLeader.push({ type: "touched", sessions: [...this.touched] });
        this.touched.clear();
        return;
      case "commit":
        this.heard = message.zxid;
        return;
      case "synced":
        message.taken.at = this.heard;
        this.#answer(message.by);
        return;
      case "revalidated":
        this.#revalidated(message.session, message.valid);
        return;
      default:
        message satisfies never;
    }
  }

  /**
   * It has lost its leader, or no longer leads: it serves nobody, and messages in flight between them are lost.
   */
  part(state: "apart" | "severed"): void {
    this.hangUp();
    this.touched.clear();
    this.#comingBack.clear();
    this.heard = this.applied;
    this.link.lose(state);
  }

  /** Its disk is empty. */
  loseData(): void {
    this.tree = new ZnodeTree(this.#overflow);
    this.applied = 0;
    this.heard = 0;
  }

  /** Applies what is missing before it serves. */
  catchUp(): void {
    while (this.applied < this.#ensemble.log.length) this.apply();
    this.heard = this.applied;
  }

  /** Whether it has heard of a transaction that it has not applied. */
  get lags(): boolean {
    return this.state === "up" && this.applied < this.heard;
  }

  /** Applies the next committed transaction. */
  apply(): void {
    const transaction = this.#ensemble.log[this.applied];
    if (transaction === undefined) return;
    this.applied++;
    this.#change(transaction);
    for (const connection of this.connections) this.#answer(connection);
  }

  /** All connections end, and messages on their way to the clients are lost. */
  hangUp(): void {
    for (const connection of [...this.connections]) {
      // The client still has to notice a reset, which stays.
      if (connection.clientEnd === "open") connection.toClient.length = 0;
      connection.closeServerEnd();
    }
  }

  #keep(connection: Connection, request: Request): void {
    const throttled = this.refusals > 0 && isCall(request);
    if (throttled) this.refusals--;
    const decided = throttled || !needsLeader(request) || (this.#leads && request.operation === "sync");
    const code = throttled ? THROTTLED : 0;
    const taken: Taken = { request, at: decided ? 0 : UNDECIDED, code, value: undefined };
    connection.taken.push(taken);
    if (decided) return;
    if (this.#leads) Object.assign(taken, this.#ensemble.write(request, connection));
    else this.link.toLeader.push({ type: "request", request, taken, by: connection });
  }

  #answer(connection: Connection): void {
    const { taken } = connection;
    for (let next = taken[0]; next !== undefined && next.at <= this.zxid; next = taken[0]) {
      taken.shift();
      this.#say(connection, next);
    }
  }

  #say(connection: Connection, { request, code, value }: Taken): void {
    const { zxid } = this;
    if (code === THROTTLED && isCall(request)) {
      // ZooKeeper adds its zxid, which shows nothing here: the client does not count it as seen.
      connection.say({ type: "reply", call: request, code, value: undefined, zxid: 0 });
      return;
    }
    switch (request.operation) {
      case "connect":
        connection.say({ type: "connected" });
        return;
      case "ping":
        connection.say({ type: "pong" });
        return;
      case "set-watches":
        for (const path of request.data) this.#setDataWatch(connection, path, request.zxid);
        for (const path of request.children) this.#setChildWatch(connection, path, request.zxid);
        connection.say({ type: "pong" });
        return;
      case "close-session":
        connection.closeServerEnd();
        return;
      case "create":
      case "set":
      case "set-acl":
      case "remove":
      case "sync":
        if (code === SESSION_MOVED) connection.closeServerEnd();
        else connection.say({ type: "reply", call: request, code, value, zxid });
        return;
      case "exists":
      case "get":
      case "children": {
        const node = this.tree.get(request.path);
        if (node === undefined) {
          connection.say({ type: "reply", call: request, code: NO_NODE, value: undefined, zxid });
          return;
        }
        // ZooKeeper checks this for `exists` only since 3.9.
        if (!permits(node, "read")) {
          connection.say({ type: "reply", call: request, code: NO_AUTH, value: undefined, zxid });
          return;
        }
        let found: unknown;
        if (request.operation === "children") {
          // ZooKeeper promises no order. The same children may be listed in another order after each change.
          found = new Random(this.#ensemble.seed + node.pzxid).shuffled(node.children);
          if (request.watch !== undefined) connection.childWatches.add(request.path);
        } else {
          const stat = statOf(node, connection.sessionId);
          found = request.operation === "exists" ? stat : { data: Buffer.from(node.data), stat };
          if (request.watch !== undefined) connection.dataWatches.add(request.path);
        }
        connection.say({ type: "reply", call: request, code: 0, value: found, zxid });
        return;
      }
      default:
        request satisfies never;
    }
  }

  /** Set again after a reconnection: fires at once if the client has missed the event. */
  #setDataWatch(connection: Connection, path: string, seen: number): void {
    const node = this.tree.get(path);
    if (node === undefined) connection.say({ type: "notification", event: "deleted", path });
    else if (node.mzxid > seen) connection.say({ type: "notification", event: "changed", path });
    else connection.dataWatches.add(path);
  }

  #setChildWatch(connection: Connection, path: string, seen: number): void {
    const node = this.tree.get(path);
    if (node === undefined) connection.say({ type: "notification", event: "deleted", path });
    else if (node.pzxid > seen) connection.say({ type: "notification", event: "children", path });
    else connection.childWatches.add(path);
  }

  #change({ zxid, change }: Transaction): void {
    switch (change.type) {
      case "create":
        this.tree.create(change.path, change.data, change.owner, zxid);
        this.#notify("children", parentOf(change.path));
        return;
      case "remove":
        this.#remove(change.path, zxid);
        return;
      case "set":
        this.tree.set(change.path, change.data, zxid);
        this.#notify("changed", change.path);
        return;
      case "set-acl": {
        const node = this.tree.get(change.path);
        if (node !== undefined) node.acl = change.acl;
        return;
      }
      case "number-from": {
        const node = this.tree.get(change.path);
        if (node !== undefined) node.creations = change.creations;
        return;
      }
      case "close-session":
        for (const path of [...this.tree.ephemeralsOf(change.session)]) this.#remove(path, zxid);
        this.touched.delete(change.session);
        for (const connection of [...this.connections]) {
          if (connection.sessionId !== change.session) continue;
          // A connection that asked for it is told when its turn comes.
          const asked = connection.taken.some(({ request }) => request.operation === "close-session");
          if (!asked && change.by !== connection) connection.closeServerEnd();
        }
        return;
      case "open-session":
      case "refusal":
        return;
      default:
        change satisfies never;
    }
  }

  #remove(path: string, zxid: number): void {
    this.tree.remove(path, zxid);
    for (const connection of this.connections) {
      const byData = connection.dataWatches.delete(path);
      const byChildren = connection.childWatches.delete(path);
      if (byData || byChildren) connection.say({ type: "notification", event: "deleted", path });
    }
    this.#notify("children", parentOf(path));
  }

  #notify(event: WatchEvent & ("changed" | "children"), path: string): void {
    for (const connection of this.connections) {
      const watches = event === "children" ? connection.childWatches : connection.dataWatches;
      if (watches.delete(path)) connection.say({ type: "notification", event, path });
    }
  }
}
