/**
 * A whole world of ZooKeeper in memory: an ensemble, its clients, the network between them and the time. Nothing
 * happens in it by itself: {@link World.enabled} lists what may happen next, and whoever runs the world chooses.
 * The same choices make the same history.
 *
 * After each event the caller lets microtasks run, for what awaits a session's promise. Time passes only while
 * no timer of a running client is due: late timers are had by freezing a client, or by a leap.
 */
import { Connection } from "./connection.ts";
import { Ensemble } from "./ensemble.ts";
import { Faults } from "./faults.ts";
import { needsLeader } from "./message.ts";
import { ModelClient } from "./model-client.ts";
import { ModelSession } from "./model-session.ts";
import { Operator } from "./operator.ts";
import type { Replica } from "./replica.ts";
import type { SequenceOverflow } from "./znode-tree.ts";

export interface WorldOptions {
  /** From 1 to 3 and more; the first one leads. @default 1 */
  readonly replicas?: number;
  /** @default 200 */
  readonly tickTimeMs?: number;
  /** For the chance of the clients. @default 1 */
  readonly seed?: number;
  /** @default "wraps" */
  readonly sequenceOverflow?: SequenceOverflow;
}

/** What may happen next: plain data, so that a history can be written down and repeated. */
export type WorldEvent =
  /** The replica takes the next request of a session's connection. */
  | { readonly type: "take"; readonly session: number; readonly connection: number }
  /** The session receives the next message. */
  | { readonly type: "deliver"; readonly session: number }
  /** A replica accepts a connection of a session; its answer is under way. */
  | { readonly type: "connect"; readonly session: number; readonly replica: number }
  /** No replica does: an attempt fails. */
  | { readonly type: "refuse"; readonly session: number }
  /** The calls of a lost connection fail. Nothing else may happen before that. */
  | { readonly type: "fail"; readonly session: number }
  /** The next due timer of a client. */
  | { readonly type: "timer"; readonly client: number }
  /** A replica applies the next committed transaction. */
  | { readonly type: "apply"; readonly replica: number }
  /** Time passes until something is due, and pings, expiries and the like that are due happen. */
  | { readonly type: "advance" };

const NEVER = Number.POSITIVE_INFINITY;

export class World {
  readonly ensemble: Ensemble;
  readonly clients: ModelClient[] = [];
  /** All that were ever opened. */
  readonly sessions: ModelSession[] = [];
  readonly faults = new Faults(this);
  readonly operator: Operator;
  now = 0;
  /** Whether the ensemble's leader has slept through the time at which it asks the others whom they have heard. */
  relayIsLate = false;
  /** How often a client was given something: where this has not changed, no program has anything to do. */
  inputs = 0;
  readonly #seed: number;
  readonly #enabled: WorldEvent[] = [];
  /** Those that something can still happen to. */
  readonly #live: ModelSession[] = [];

  constructor({ replicas = 1, tickTimeMs = 200, seed = 1, sequenceOverflow = "wraps" }: WorldOptions = {}) {
    this.#seed = seed;
    this.ensemble = new Ensemble(replicas, tickTimeMs, sequenceOverflow, this);
    this.operator = new Operator(this.ensemble);
  }

  newClient(): ModelClient {
    const client = new ModelClient(this.clients.length, this, this.#seed);
    this.clients.push(client);
    return client;
  }

  // What may happen

  /** Always in the same order. The array is reused by the next call. */
  enabled(): readonly WorldEvent[] {
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
      if (this.#mayApply(replica)) events.push({ type: "apply", replica: replica.index });
    }
    if (this.#mayAdvance()) events.push({ type: "advance" });
    return events;
  }

  /** @returns whether it could happen; if not, nothing has */
  perform(event: WorldEvent): boolean {
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
      case "apply": {
        const replica = this.ensemble.replicas[event.replica];
        if (replica === undefined || !this.#mayApply(replica)) return false;
        replica.apply();
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

  /** When something is due next, be it late; infinite if nothing is. */
  get nextDueAt(): number {
    let next = this.ensemble.nextExpiryAt;
    if (this.ensemble.hasTouches) next = Math.min(next, this.#nextRelayAt);
    for (const { runs, timerAt } of this.clients) if (runs && timerAt < next) next = timerAt;
    for (const session of this.#live) {
      if (session.client.runs && session.dueAt < next) next = session.dueAt;
    }
    return next;
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
    return this.ensemble.available || !needsLeader(request);
  }

  #mayDeliver({ client, connection }: ModelSession): boolean {
    return connection !== undefined && connection.toClient.length > 0 && client.runs && client.hears;
  }

  /** A replica that knows less than the session has seen does not serve it. */
  #mayConnect(session: ModelSession, replica: Replica): boolean {
    const { client, seeking, seen } = session;
    if (!seeking || !client.runs || client.network !== "open") return false;
    return replica.state === "up" && this.ensemble.available && replica.zxid >= seen;
  }

  #mayRefuse(session: ModelSession): boolean {
    const { client, seeking, hasUnsent, seen } = session;
    if (!seeking || !hasUnsent || !client.runs || client.network !== "open") return false;
    return this.ensemble.replicas.some(
      ({ state, zxid }) =>
        state === "down" || (state === "up" && zxid < seen) || this.ensemble.leader === undefined,
    );
  }

  #mayApply({ state, applied }: Replica): boolean {
    return state === "up" && applied < this.ensemble.log.length && this.ensemble.leader !== undefined;
  }

  #mayAdvance(): boolean {
    const next = this.nextDueAt;
    if (next === NEVER) return false;
    if (next > this.now) return true;
    // Something is late. If it is a timer, that is an event of its own.
    if (this.ensemble.nextExpiryAt <= this.now) return true;
    return this.#live.some(({ client, dueAt }) => client.runs && dueAt <= this.now);
  }

  // What happens

  #connect(session: ModelSession, replica: Replica): void {
    const { ensemble } = this;
    const known = session.id !== "0";
    const id = known ? session.id : ensemble.newSessionId();
    const connection = new Connection((session.connections.at(-1)?.ordinal ?? -1) + 1, id, replica);
    session.connecting(connection);
    if (known) ensemble.resume(connection);
    else ensemble.open(connection, session.timeoutMs);
    this.settleConnections(session);
  }

  get #nextRelayAt(): number {
    const half = this.ensemble.tickTimeMs / 2;
    return (Math.floor(this.now / half) + 1) * half;
  }

  #advance(): void {
    const relayAt = this.ensemble.hasTouches ? this.#nextRelayAt : NEVER;
    this.now = Math.max(this.now, this.nextDueAt);
    for (const session of [...this.#live]) {
      if (session.client.runs) session.strike();
      this.settleConnections(session);
    }
    if (relayAt <= this.now && !this.relayIsLate) this.ensemble.relay();
    this.ensemble.expire();
    // Who is late gives up sessions before it hears that they live.
    if (this.relayIsLate) this.ensemble.relay();
    this.relayIsLate = false;
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
    this.ensemble.catchUp(replica);
    while (session.state === "connecting") session.receive();
  }

  /** Forgets connections that are closed at both ends, and sessions that nothing can happen to any more. */
  settleConnections(session: ModelSession): void {
    const { connections, client } = session;
    for (let i = connections.length - 1; i >= 0; i--) {
      const connection = connections[i];
      if (connection === undefined) continue;
      // The replica learns of the end once it has taken what came before.
      if (connection.clientEnd === "closed" && connection.toServer.length === 0 && client.isHeard) {
        connection.closeServerEnd();
      }
      if (connection.serverEnd === "closed" && session.connection !== connection) connections.splice(i, 1);
    }
    if (connections.length > 0 || (session.state !== "closed" && session.state !== "expired")) return;
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
