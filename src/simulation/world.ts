/**
 * A whole world of ZooKeeper in memory: an ensemble, its clients, the network between them and the time.
 * Nothing happens in it by itself: {@link World.enabled} lists what may happen next, and the caller chooses.
 * The same choices make the same history.
 *
 * After each event the caller runs microtasks, for code that awaits a session's promise. Time passes only while
 * no timer of a running client is due: timers become late by freezing a client, or by a leap.
 */
import { NEAR } from "../election/landmarks.ts";
import type { Runtime } from "../election/runtime.ts";
import { Connection } from "./connection.ts";
import { Faults } from "./faults.ts";
import { needsLeader } from "./message.ts";
import { ModelClient } from "./model-client.ts";
import { ModelEnsemble, type WorldOptions } from "./model-ensemble.ts";
import { ModelSession } from "./model-session.ts";
import { ModelWills } from "./model-wills.ts";
import { Operator } from "./operator.ts";
import type { Replica } from "./replica.ts";

/** An event that may happen next: plain data, so that a history can be written down and repeated. */
export type WorldEvent =
  /** The replica takes the next request of a session's connection. */
  | { readonly type: "take"; readonly session: number; readonly connection: number }
  /** The session receives the next message. */
  | { readonly type: "deliver"; readonly session: number }
  /** A replica accepts a connection of a session; its answer is in flight. */
  | { readonly type: "connect"; readonly session: number; readonly replica: number }
  /** No replica accepts: an attempt fails. */
  | { readonly type: "refuse"; readonly session: number }
  /** The calls of a lost connection fail. Nothing else may happen before that. */
  | { readonly type: "fail"; readonly session: number }
  /** The next due timer of a client. */
  | { readonly type: "timer"; readonly client: number }
  /** A follower takes the next message of the ensemble's leader. */
  | { readonly type: "hear-leader"; readonly replica: number }
  /** The leader takes the next message of a follower. */
  | { readonly type: "hear-follower"; readonly replica: number }
  /** The leader sends its pings. */
  | { readonly type: "ping" }
  /** A follower applies the next transaction that it has heard of. */
  | { readonly type: "apply"; readonly replica: number }
  /** Whoever keeps the will of a session ends it. */
  | { readonly type: "carry-out"; readonly session: number }
  /** A follower finds the leader that it has lost, or a new one. */
  | { readonly type: "join"; readonly replica: number }
  /** Time passes until something is due, and due expiries, pings of clients and the like happen. */
  | { readonly type: "advance" };

const NEVER = Number.POSITIVE_INFINITY;

export class World {
  readonly ensemble: ModelEnsemble;
  readonly clients: ModelClient[] = [];
  /** All sessions that were ever opened. */
  readonly sessions: ModelSession[] = [];
  readonly faults = new Faults(this);
  readonly operator: Operator;
  /** See {@link Runtime.near}. */
  readonly near: number;
  now = 0;
  /** The number of inputs of all clients: while this does not change, no program has anything to do. */
  inputs = 0;
  readonly #seed: number;
  readonly #enabled: WorldEvent[] = [];
  /** The time since when the ensemble has been able to decide without interruption. */
  #availableSince = NEVER;
  /** Sessions to which something can still happen. */
  readonly #live: ModelSession[] = [];
  /** Sessions that whoever keeps their wills has begun to end, and tries to until they are over. */
  readonly #willed: ModelSession[] = [];

  constructor(options: WorldOptions & { readonly near?: number | undefined } = {}) {
    const { replicas = 1, tickTimeMs = 200, seed = 1, sequenceOverflow = "wraps", near = NEAR } = options;
    this.near = near;
    this.#seed = seed;
    this.ensemble = new ModelEnsemble({ replicas, tickTimeMs, seed, sequenceOverflow }, this);
    this.operator = new Operator(this.ensemble);
  }

  /** @param wills whether its sessions end with it */
  newClient(wills = false): ModelClient {
    const keeper = wills ? new ModelWills((session) => this.#carryOut(session)) : undefined;
    const client = new ModelClient(this.clients.length, this, this.#seed, keeper);
    this.clients.push(client);
    return client;
  }

  // What may happen

  /** Always lists events in the same order. The next call reuses the array. */
  enabled(): readonly WorldEvent[] {
    this.#noteAvailability();
    const events = this.#enabled;
    events.length = 0;
    for (const { failing, index } of this.#live) {
      if (failing === "yes") events.push({ type: "fail", session: index });
    }
    if (events.length > 0) return events;
    for (const session of this.#live) this.#sessionEvents(session, events);
    for (const { index, runs, timerAt } of this.clients) {
      if (runs && timerAt <= this.now) events.push({ type: "timer", client: index });
    }
    for (const replica of this.ensemble.replicas) {
      const { index } = replica;
      if (replica.hearsLeader) events.push({ type: "hear-leader", replica: index });
      if (replica.lags) events.push({ type: "apply", replica: index });
      if (this.ensemble.hearsOf(replica)) events.push({ type: "hear-follower", replica: index });
      if (this.ensemble.mayJoin(replica)) events.push({ type: "join", replica: index });
    }
    for (const session of this.#willed)
      if (this.#mayCarryOut(session)) events.push({ type: "carry-out", session: session.index });
    if (this.ensemble.owesPings) events.push({ type: "ping" });
    if (this.#mayAdvance()) events.push({ type: "advance" });
    return events;
  }

  /** @returns whether the event could happen; if not, nothing has */
  perform(event: WorldEvent): boolean {
    this.#noteAvailability();
    if (event.type !== "fail")
      for (const session of this.#live) if (session.failing === "yes") session.fail();
    switch (event.type) {
      case "fail": {
        const session = this.sessions[event.session];
        if (session === undefined || session.failing === "no") return false;
        session.fail();
        return true;
      }
      case "take": {
        const session = this.sessions[event.session];
        const connection = session?.connections.find(({ ordinal }) => ordinal === event.connection);
        if (session === undefined || connection === undefined || !this.#mayTake(session, connection))
          return false;
        connection.replica.take(connection);
        this.settleConnections(session);
        return true;
      }
      case "deliver": {
        const session = this.sessions[event.session];
        if (session === undefined || !this.#mayDeliver(session)) return false;
        session.receive();
        this.settleConnections(session);
        return true;
      }
      case "connect": {
        const session = this.sessions[event.session];
        const replica = this.ensemble.replicas[event.replica];
        if (session === undefined || replica === undefined || !this.#mayConnect(session, replica))
          return false;
        this.#connect(session, replica);
        return true;
      }
      case "refuse": {
        const session = this.sessions[event.session];
        if (session === undefined || !this.#mayRefuse(session)) return false;
        session.lose(0);
        return true;
      }
      case "timer": {
        const client = this.clients[event.client];
        if (client === undefined || !client.runs || client.timerAt > this.now) return false;
        client.strike();
        return true;
      }
      case "hear-leader": {
        const replica = this.ensemble.replicas[event.replica];
        if (!replica?.hearsLeader) return false;
        replica.hearLeader();
        return true;
      }
      case "hear-follower": {
        const replica = this.ensemble.replicas[event.replica];
        if (replica === undefined || !this.ensemble.hearsOf(replica)) return false;
        this.ensemble.hear(replica);
        return true;
      }
      case "apply": {
        const replica = this.ensemble.replicas[event.replica];
        if (!replica?.lags) return false;
        replica.apply();
        return true;
      }
      case "ping":
        if (!this.ensemble.owesPings) return false;
        this.ensemble.ping();
        return true;
      case "join": {
        const replica = this.ensemble.replicas[event.replica];
        if (replica === undefined || !this.ensemble.mayJoin(replica)) return false;
        this.ensemble.join(replica);
        return true;
      }
      case "carry-out": {
        const session = this.#willed.find(({ index }) => index === event.session);
        if (session === undefined || !this.#mayCarryOut(session)) return false;
        this.faults.endSession(session);
        return true;
      }
      case "advance":
        if (!this.#mayAdvance()) return false;
        this.#advance();
        return true;
      default:
        return event satisfies never;
    }
  }

  /** The time when something is due next, even if it is late; infinite if nothing is. */
  get nextDueAt(): number {
    let next = Math.min(this.ensemble.nextExpiryAt, this.ensemble.nextPingsAt);
    for (const { runs, timerAt } of this.clients) if (runs && timerAt < next) next = timerAt;
    for (const session of this.#live) {
      if (!session.client.runs) continue;
      if (session.dueAt < next) next = session.dueAt;
      next = Math.min(next, this.#disownedAt(session));
    }
    return next;
  }

  /** Lets time pass in which nothing is due. */
  waitUntil(ms: number): void {
    if (this.nextDueAt > ms) this.now = Math.max(this.now, ms);
  }

  #sessionEvents(session: ModelSession, events: WorldEvent[]): void {
    const { index } = session;
    for (const connection of session.connections) {
      if (this.#mayTake(session, connection)) {
        events.push({ type: "take", session: index, connection: connection.ordinal });
      }
    }
    if (this.#mayDeliver(session)) events.push({ type: "deliver", session: index });
    if (!session.seeking) return;
    for (const replica of this.ensemble.replicas) {
      if (this.#mayConnect(session, replica)) {
        events.push({ type: "connect", session: index, replica: replica.index });
      }
    }
    if (this.#mayRefuse(session)) events.push({ type: "refuse", session: index });
  }

  #mayTake({ client }: ModelSession, { toServer, replica, serverEnd }: Connection): boolean {
    const request = toServer[0];
    if (request === undefined || serverEnd === "closed" || replica.state !== "up" || !client.isHeard)
      return false;
    return replica !== this.ensemble.leader || this.ensemble.available || !needsLeader(request);
  }

  #mayDeliver({ client, connection }: ModelSession): boolean {
    return connection !== undefined && connection.toClient.length > 0 && client.runs && client.hears;
  }

  /** A replica that knows less than the session has seen does not serve it. */
  #mayConnect(session: ModelSession, replica: Replica): boolean {
    const { client, seeking, seen } = session;
    if (!seeking || !client.runs || client.network !== "open") return false;
    return replica.serves && replica.zxid >= seen;
  }

  #mayRefuse(session: ModelSession): boolean {
    const { client, seeking, hasUnsent, seen } = session;
    if (!seeking || !hasUnsent || !client.runs || client.network !== "open") return false;
    const { leader, replicas } = this.ensemble;
    if (leader === undefined) return true;
    return replicas.some(
      ({ state, zxid, link }, index) =>
        state === "down" ||
        (state === "up" && (zxid < seen || (index !== leader.index && link.state !== "joined"))),
    );
  }

  #mayCarryOut({ id }: ModelSession): boolean {
    return this.ensemble.available && this.ensemble.sessions.has(id);
  }

  #mayAdvance(): boolean {
    const next = this.nextDueAt;
    if (next === NEVER) return false;
    if (next > this.now) return true;
    // Something is late. If it is a timer, or pings that can wait no longer, that is a separate event.
    if (this.ensemble.nextExpiryAt <= this.now) return true;
    return this.#live.some(
      (session) =>
        session.client.runs && (session.dueAt <= this.now || this.#disownedAt(session) <= this.now),
    );
  }

  #noteAvailability(): void {
    if (!this.ensemble.available) this.#availableSince = NEVER;
    else if (this.#availableSince === NEVER) this.#availableSince = this.now;
  }

  /**
   * The time when a session ends by itself because it has seen more than the ensemble has ever decided, which
   * therefore refuses it: once that ensemble has been there for longer than a session can survive. The native
   * client finds this out through other sessions that it opens; here the world knows.
   */
  #disownedAt({ state, seen, seekingSince, timeoutMs, client }: ModelSession): number {
    if (state !== "suspended" || seen <= this.ensemble.zxid || client.network !== "open") return NEVER;
    return Math.max(this.#availableSince, seekingSince) + timeoutMs + this.ensemble.tickTimeMs;
  }

  // What happens

  #connect(session: ModelSession, replica: Replica): void {
    const { ensemble } = this;
    const known = session.id !== "0";
    const id = known ? session.id : ensemble.newSessionId();
    const connection = new Connection((session.connections.at(-1)?.ordinal ?? -1) + 1, id, replica);
    session.connecting(connection);
    replica.connect(connection, known ? "known" : "new", session.timeoutMs);
    this.settleConnections(session);
  }

  #carryOut(id: string): void {
    const session = this.sessions.find((one) => one.id === id);
    if (session !== undefined) this.#willed.push(session);
  }

  #advance(): void {
    this.now = Math.max(this.now, this.nextDueAt);
    for (const session of [...this.#live]) {
      if (session.client.runs) session.strike();
      if (session.client.runs && this.#disownedAt(session) <= this.now) session.disown();
      this.settleConnections(session);
    }
    this.ensemble.expire();
    this.settleAll();
  }

  // For clients

  newSession(client: ModelClient, timeoutMs: number): ModelSession {
    const session = new ModelSession(this.sessions.length, client, timeoutMs);
    this.sessions.push(session);
    this.#live.push(session);
    client.sessions.push(session);
    return session;
  }

  connectAtOnce(session: ModelSession, index: number): void {
    const replica = this.ensemble.replicas[index];
    if (replica === undefined || !this.#mayConnect(session, replica)) {
      throw new Error(`replica ${index} does not accept the session ${session.index} now`);
    }
    this.#connect(session, replica);
    while (session.state === "connecting") {
      if (this.ensemble.hearsOf(replica)) this.ensemble.hear(replica);
      if (replica.hearsLeader) replica.hearLeader();
      while (replica.lags) replica.apply();
      session.receive();
    }
  }

  /** Forgets connections that are closed at both ends, and sessions to which nothing can happen any more. */
  settleConnections(session: ModelSession): void {
    const { connections, client } = session;
    for (let i = connections.length - 1; i >= 0; i--) {
      const connection = connections[i];
      if (connection === undefined) continue;
      // The replica learns of the end once it has taken everything before it.
      if (connection.clientEnd === "closed" && connection.toServer.length === 0 && client.isHeard) {
        connection.closeServerEnd();
      }
      if (connection.serverEnd === "closed" && session.connection !== connection) connections.splice(i, 1);
    }
    const isOver = session.state === "closed" || session.state === "expired" || client.state === "dead";
    if (connections.length > 0 || !isOver) return;
    remove(this.#live, session);
    remove(client.sessions, session);
  }

  settleAll(): void {
    for (const session of [...this.#live]) this.settleConnections(session);
  }
}

function remove<T>(list: T[], item: T): void {
  const place = list.indexOf(item);
  if (place !== -1) list.splice(place, 1);
}
