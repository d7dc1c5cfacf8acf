/**
 * {@link Session} on the model: behaves like the native client, in virtual time. The world decides when it is
 * connected, when it receives a message and when its clock fires; in between nothing happens here. Source:
 * zookeeper.c of the C client (`zookeeper_interest`, `handle_error`, `send_set_watches`).
 */
import { EventEmitter } from "node:events";
import { Contacts } from "../zookeeper/contacts.ts";
import { errorOf } from "../zookeeper/errors.ts";
import type {
  Acl,
  CreateMode,
  Session,
  SessionEvents,
  SessionState,
  Stat,
  Watch,
} from "../zookeeper/session.ts";
import { ClientWatches } from "./client-watches.ts";
import type { Connection } from "./connection.ts";
import { messageText } from "./digest.ts";
import type { Call, CallDetails, Message, Operation } from "./message.ts";
import type { ModelClient } from "./model-client.ts";
import { isValidPath } from "./path.ts";
import {
  BAD_ARGUMENTS,
  CLOSED,
  CONNECTION_LOSS,
  INVALID_STATE,
  NO_NODE,
  SESSION_EXPIRED,
} from "./return-codes.ts";

/** The client waits this long for the answer to its goodbye. */
const GOODBYE_MS = 1500;

export class ModelSession extends EventEmitter<SessionEvents> implements Session {
  /** Its number among the sessions of the world. */
  readonly index: number;
  readonly client: ModelClient;
  readonly timeoutMs: number;
  /** Connections that their replica has not forgotten, the current one last. */
  readonly connections: Connection[] = [];
  readonly watches = new ClientWatches();
  /** The current connection: while `connecting` or `suspended`, one that is not answered yet. */
  connection: Connection | undefined;
  /** Whether the calls of a lost connection are about to fail. */
  failing: "no" | "yes" = "no";
  #id = "0";
  #state: SessionState = "connecting";
  /** Calls that were sent, or will be with the next connection: all that must be settled when that fails. */
  #calls: Call[] = [];
  #unsent: Call[] = [];
  readonly contacts: Contacts;
  /** The time when the search for the current connection began, even if it still goes on. */
  #seekingSince: number;
  /** The last transaction that an answer has shown. */
  #seen = 0;
  #heardAt: number;
  #saidAt: number;
  #closing: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  /** Used by {@link ModelClient.open}. */
  constructor(index: number, client: ModelClient, timeoutMs: number) {
    super();
    this.setMaxListeners(0);
    this.index = index;
    this.client = client;
    this.timeoutMs = timeoutMs;
    this.contacts = new Contacts(timeoutMs);
    this.#heardAt = client.now();
    this.#saidAt = this.#heardAt;
    this.#seekingSince = this.#heardAt;
  }

  get id(): string {
    return this.#id;
  }

  get state(): SessionState {
    return this.#state;
  }

  get seen(): number {
    return this.#seen;
  }

  get seekingSince(): number {
    return this.#seekingSince;
  }

  // Calls

  create(path: string, data: string, mode: CreateMode): Promise<string> {
    return this.#call("create", path, { data, mode });
  }

  get(path: string, watch?: Watch): Promise<{ data: Buffer; stat: Stat } | undefined> {
    return this.#call("get", path, { watch });
  }

  exists(path: string): Promise<Stat | undefined> {
    return this.#call("exists", path, {});
  }

  children(path: string, watch?: Watch): Promise<string[] | undefined> {
    return this.#call("children", path, { watch });
  }

  set(path: string, data: string, version: number): Promise<Stat | undefined> {
    return this.#call("set", path, { data, version });
  }

  setAcl(path: string, acl: readonly Acl[]): Promise<boolean> {
    return this.#call("set-acl", path, { acl });
  }

  remove(path: string, version = -1): Promise<boolean> {
    return this.#call("remove", path, { version });
  }

  sync(path: string): Promise<void> {
    return this.#call("sync", path, {});
  }

  reopen(signal?: AbortSignal): Promise<ModelSession> {
    return this.client.open({ timeoutMs: this.timeoutMs, ...(signal && { signal }) });
  }

  /** Settles once the replica has hung up, or after a while without that. */
  close(): Promise<void> {
    if (this.#closing !== undefined) return this.#closing.promise;
    const connected = this.#state === "connected";
    let resolve: () => void = () => undefined;
    const promise = new Promise<void>((settle) => {
      resolve = settle;
    });
    this.#closing = { promise, resolve };
    if (connected) {
      this.connection?.toServer.push({ operation: "close-session" });
      this.#saidAt = this.client.now();
    }
    this.#end("closed", CLOSED);
    if (!connected) this.#hangUp();
    return promise;
  }

  #call<T>(
    operation: Operation,
    path: string,
    { data = "", mode = "persistent", version = -1, acl, watch }: Partial<CallDetails>,
  ): Promise<T> {
    return new Promise<unknown>((resolve, reject) => {
      if (this.#state === "expired") return reject(errorOf(SESSION_EXPIRED, { path }));
      if (this.#state === "closed") return reject(errorOf(INVALID_STATE, { path }));
      if (!isValidPath(path, mode)) return reject(errorOf(BAD_ARGUMENTS, { path }));
      const sentAt = this.client.now();
      const call: Call = { operation, path, data, mode, version, acl, watch, sentAt, resolve, reject };
      this.#calls.push(call);
      if (this.#state === "connected") this.#send(call);
      else this.#unsent.push(call);
    }) as Promise<T>;
  }

  #send(call: Call): void {
    this.connection?.toServer.push(call);
    this.#saidAt = this.client.now();
  }

  // What the world does to it

  /** Whether it is looking for a replica. */
  get seeking(): boolean {
    return this.connection === undefined && (this.#state === "connecting" || this.#state === "suspended");
  }

  /** Whether calls wait for a connection: they fail with the next attempt that fails. */
  get hasUnsent(): boolean {
    return this.#unsent.length > 0;
  }

  /** A replica has accepted a connection; its answer is still to come. */
  connecting(connection: Connection): void {
    this.connection = connection;
    this.connections.push(connection);
    this.#heardAt = this.client.now();
    this.#saidAt = this.#heardAt;
  }

  /** Takes the next message of the replica. */
  receive(): void {
    const message = this.connection?.toClient.shift();
    if (message === undefined) return;
    this.#heardAt = this.client.now();
    this.client.note(messageText(this.index, message));
    this.#receive(message);
  }

  /**
   * The connection is lost, or an attempt at one has failed: of the requests sent, this many still arrive. The
   * state is reported first. Calls made during the report, including calls in promises that it settles, fail
   * with the rest.
   */
  lose(kept: number): void {
    this.client.note(`${this.index} lost`);
    this.#hangUp(kept);
    if (this.#calls.length > 0 || this.#state === "connected") this.failing = "yes";
    if (this.#state !== "connected") return;
    this.#seekingSince = this.client.now();
    this.#enter("suspended");
  }

  /** The second half of a loss. */
  fail(): void {
    this.failing = "no";
    const calls = this.#calls;
    this.#calls = [];
    this.#unsent = [];
    for (const { reject, path } of calls) reject(errorOf(CONNECTION_LOSS, { path }));
  }

  /** Its process is gone: of the requests sent, this many still arrive. */
  abandon(kept: number): void {
    this.connection?.closeClientEnd(kept);
    this.connection = undefined;
    this.failing = "no";
  }

  /** The ensemble does not know the session, and never will again. */
  disown(): void {
    this.client.note(`${this.index} disowned`);
    this.#hangUp();
    this.#end("expired", SESSION_EXPIRED);
  }

  /** The time when its own clock fires next: for a ping, or to give up a connection that does not answer. */
  get dueAt(): number {
    if (this.connection === undefined) return this.seeking && this.hasUnsent ? this.#lostAt : NEVER;
    if (this.#closing !== undefined) return this.#saidAt + GOODBYE_MS;
    if (this.#state !== "connected" || this.#calls.length > 0) return this.#lostAt;
    return Math.min(this.#lostAt, this.#saidAt + Math.floor(this.timeoutMs / 3));
  }

  strike(): void {
    const now = this.client.now();
    if (this.dueAt > now) return;
    if (this.#closing !== undefined) {
      this.#hangUp();
    } else if (this.#lostAt <= now) {
      this.lose(EVERYTHING);
      this.#heardAt = now;
    } else {
      this.connection?.toServer.push({ operation: "ping" });
      this.#saidAt = now;
    }
  }

  get #lostAt(): number {
    return this.#heardAt + Math.floor((this.timeoutMs * 2) / 3);
  }

  #receive(message: Message): void {
    if (message.type === "hangup" && this.#closing === undefined) this.lose(0);
    else if (message.type === "hangup") this.#hangUp();
    if (this.#closing !== undefined) return;
    switch (message.type) {
      case "connected":
        this.#connected();
        return;
      case "expired":
        this.#hangUp();
        this.#end("expired", SESSION_EXPIRED);
        return;
      case "reply":
        this.#settle(message.call, message.code, message.value, message.zxid);
        return;
      case "notification":
        this.watches.fire(message.event, message.path);
        return;
      case "pong":
      case "hangup":
        return;
      default:
        message satisfies never;
    }
  }

  #connected(): void {
    const { connection } = this;
    if (connection === undefined) return;
    this.#id = connection.sessionId;
    const watches = this.watches.toSetAgain(this.#seen);
    if (watches !== undefined) connection.toServer.push(watches);
    const unsent = this.#unsent;
    this.#unsent = [];
    for (const call of unsent) this.#send(call);
    this.contacts.add({ type: "connected", sentAt: this.#seekingSince, answeredAt: this.client.now() });
    if (this.#state === "connecting") this.client.wills?.leave(this);
    this.#enter("connected");
  }

  #settle(call: Call, code: number, value: unknown, zxid: number): void {
    this.#calls.shift();
    if (zxid > 0) this.#seen = zxid;
    if (call.operation === "sync" && code === 0)
      this.contacts.add({ type: "synced", sentAt: call.sentAt, answeredAt: this.client.now() });
    if (code === 0) {
      if (call.watch !== undefined) this.watches.add(call.operation, call.path, call.watch);
      call.resolve(value);
    } else if (code === NO_NODE && call.operation !== "create" && call.operation !== "sync") {
      call.resolve(call.operation === "remove" || call.operation === "set-acl" ? false : undefined);
    } else {
      call.reject(errorOf(code, { path: call.path }));
    }
  }

  #end(state: "expired" | "closed", code: number): void {
    if (this.#state === "expired" || this.#state === "closed") return;
    const calls = this.#calls;
    this.#calls = [];
    this.#unsent = [];
    this.failing = "no";
    this.#enter(state);
    for (const { reject } of calls) reject(errorOf(code, {}));
  }

  #hangUp(kept = EVERYTHING): void {
    const { connection } = this;
    this.connection = undefined;
    if (connection !== undefined) this.client.hangUp(this, connection, kept);
    this.#closing?.resolve();
  }

  #enter(state: SessionState): void {
    if (state === this.#state) return;
    const before = this.#state;
    this.#state = state;
    this.emit("state", state, before);
  }
}

const NEVER = Number.POSITIVE_INFINITY;
const EVERYTHING = Number.POSITIVE_INFINITY;
