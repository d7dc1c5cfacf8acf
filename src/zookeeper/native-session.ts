/** {@link Session} on the native client: every trap of the addon ends here. */
import { EventEmitter } from "node:events";
import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { NativeClient, NativeConfig } from "./binding.ts";
import { Contacts } from "./contacts.ts";
import { AUTH_FAILED, EXPIRED, errorOf, NO_NODE } from "./errors.ts";
import { HangUps } from "./hang-ups.ts";
import { LastLook } from "./last-look.ts";
import { forgetNumbers, Placeholder, underFreshNumber } from "./placeholder.ts";
import { checkRequest, createBytes, setBytes } from "./request-size.ts";
import { Seeker } from "./seeker.ts";
import type { Route, Servers } from "./servers.ts";
import type {
  Acl,
  CreateMode,
  Session,
  SessionEvents,
  SessionState,
  Stat,
  Watch,
  WatchEvent,
} from "./session.ts";
import { WatchedPaths, type WatchKind } from "./watched-paths.ts";

/** What another client needs to take a session over. */
export interface SessionIdentity {
  readonly id: string;
  readonly password: string;
}

const createFlags = {
  persistent: 0,
  ephemeral: 1,
  "persistent-sequential": 2,
  "ephemeral-sequential": 3,
  container: 4,
} as const satisfies Record<CreateMode, number>;

const watchEvents: Readonly<Record<number, WatchEvent>> = {
  1: "created",
  2: "deleted",
  3: "changed",
  4: "children",
};

/**
 * The addon's `close` event for refused credentials (`ZOO_AUTH_FAILED_STATE`);
 * an expiry has the code of its error.
 */
const AUTH_FAILED_STATE = -113;
const CLOSED = -116;
const INVALID_STATE = -9;
/** Servers answer with what is below. */
const API_ERROR = -100;
/**
 * States of the client (zk_adaptor.h): it waits for a TCP connection, and for the answer to its first packet.
 */
const CONNECTING_STATE = 1;
const ASSOCIATING_STATE = 2;
/** It has closed its socket because it could not send (zookeeper.c, `nonblocking_send`). */
const NOT_CONNECTED_STATE = 999;

/** Where a session comes from. */
export interface Origin {
  readonly servers: Servers;
  /** By which its client has been sent. */
  readonly route: Route;
  /** All of its servers, as its client has been told. */
  readonly list: string;
  readonly chroot: string;
  /** What the servers take. */
  readonly maxRequestBytes: number;
  /** Opens another one as this one was opened. */
  readonly reopen: (signal: AbortSignal | undefined) => Promise<NativeSession>;
  /** Opens another one to look at the same servers. */
  readonly look: (signal: AbortSignal) => Promise<NativeSession>;
}

/** The sessions of this thread that have no connection, and have not ended. */
const seeking = new Set<NativeSession>();

export class NativeSession extends EventEmitter<SessionEvents> implements Session {
  readonly #client: NativeClient;
  readonly #origin: Origin;
  readonly #seeker: Seeker;
  readonly #watched: WatchedPaths;
  readonly #hangUps = new HangUps();
  readonly #lastLook: LastLook;
  readonly #pending = new Set<(error: Error) => void>();
  #state: SessionState = "connecting";
  #ended: "expired" | "closed" | "auth-failed" | undefined;
  #closing: Promise<void> | undefined;
  #contacts: Contacts | undefined;
  /** When the present connection began to be sought, or the next one. */
  #seekingSince = performance.now();
  readonly #placeholder = new Placeholder();

  /** For `openSession`: a session that has not connected yet. */
  constructor(client: NativeClient, origin: Origin) {
    super();
    this.#origin = origin;
    this.#seeker = new Seeker(origin.servers, origin, (list) => this.#direct(list));
    this.#lastLook = new LastLook({ open: origin.look, over: () => this.#abandon() });
    this.#watched = new WatchedPaths(origin.chroot, origin.maxRequestBytes);
    // Listeners come and go with elections; their number is no leak.
    this.setMaxListeners(0);
    this.#client = client;
    seeking.add(this);
    client.emit = (event, _self, value) => this.#onClientEvent(event, value);
  }

  /** For `openSession`: begins to seek a connection. */
  init(config: NativeConfig): void {
    const init = () => this.#client.init(config);
    // The clients of the others may hold numbers of sockets that they have closed.
    if ([...seeking].some((other) => other !== this && other.#mayGiveUp)) underFreshNumber(init);
    else init();
  }

  get id(): string {
    return this.#client.client_id;
  }

  get timeoutMs(): number {
    return this.#client.timeout;
  }

  get state(): SessionState {
    return this.#state;
  }

  get contacts(): Contacts {
    this.#contacts ??= new Contacts(this.timeoutMs);
    return this.#contacts;
  }

  /** Why the session ended before anybody closed it. */
  get authFailed(): boolean {
    return this.#ended === "auth-failed";
  }

  /** Whether a server has accepted the connection and has not answered yet. */
  get associating(): boolean {
    return this.#client.state === ASSOCIATING_STATE;
  }

  get identity(): SessionIdentity {
    return { id: this.#client.client_id, password: this.#client.client_password };
  }

  create(path: string, data: string, mode: CreateMode): Promise<string> {
    return this.#call(path, (done) => {
      const { chroot, maxRequestBytes } = this.#origin;
      checkRequest(path, createBytes(`${chroot}${path}`, data), maxRequestBytes);
      return this.#client.a_create(path, data, createFlags[mode], (code, _text, created) =>
        done(code, created),
      );
    });
  }

  get(path: string, watch?: Watch): Promise<{ data: Buffer; stat: Stat } | undefined> {
    return this.#call<{ data: Buffer; stat: Stat } | undefined>(
      path,
      (done) => {
        const onReply = (code: number, _text: string, stat: Stat | null, data: Buffer | null) =>
          done(code, stat === null ? undefined : { data: data ?? Buffer.alloc(0), stat });
        if (watch === undefined) return this.#client.a_get(path, false, onReply);
        return this.#setting("data", path, watch, (watcher, answered) =>
          this.#client.aw_get(path, watcher, (code, ...answer) => {
            answered(code);
            onReply(code, ...answer);
          }),
        );
      },
      { value: undefined },
    );
  }

  exists(path: string): Promise<Stat | undefined> {
    return this.#call<Stat | undefined>(
      path,
      (done) => this.#client.a_exists(path, false, (code, _text, stat) => done(code, stat ?? undefined)),
      { value: undefined },
    );
  }

  children(path: string, watch?: Watch): Promise<string[] | undefined> {
    return this.#call<string[] | undefined>(
      path,
      (done) => {
        const onReply = (code: number, _text: string, names: string[] | null) =>
          done(code, names ?? undefined);
        if (watch === undefined) return this.#client.a_get_children(path, false, onReply);
        return this.#setting("children", path, watch, (watcher, answered) =>
          this.#client.aw_get_children(path, watcher, (code, ...answer) => {
            answered(code);
            onReply(code, ...answer);
          }),
        );
      },
      { value: undefined },
    );
  }

  set(path: string, data: string, version: number): Promise<Stat | undefined> {
    return this.#call<Stat | undefined>(
      path,
      (done) => {
        const { chroot, maxRequestBytes } = this.#origin;
        checkRequest(path, setBytes(`${chroot}${path}`, data), maxRequestBytes);
        return this.#client.a_set(path, data, version, (code, _text, stat) => done(code, stat ?? undefined));
      },
      { value: undefined },
    );
  }

  remove(path: string, version = -1): Promise<boolean> {
    return this.#call<boolean>(
      path,
      (done) => this.#client.a_delete_(path, version, (code) => done(code, true)),
      { value: false },
    );
  }

  setAcl(path: string, acl: readonly Acl[]): Promise<boolean> {
    const native = acl.map(({ permissions, scheme, id }) => ({ perm: permissions, scheme, auth: id }));
    return this.#call<boolean>(
      path,
      (done) => this.#client.a_set_acl(path, ANY_VERSION, native, (code) => done(code, true)),
      { value: false },
    );
  }

  async sync(path: string): Promise<void> {
    const sentAt = performance.now();
    await this.#call(path, (done) => this.#client.a_sync(path, (code) => done(code, undefined)));
    this.contacts.add({ type: "synced", sentAt, answeredAt: performance.now() });
  }

  reopen(signal?: AbortSignal): Promise<NativeSession> {
    return this.#origin.reopen(signal);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close("closed", CLOSED);
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The ensemble has given this session up, or will within its timeout, and cannot tell. */
  #abandon(): void {
    this.#closing ??= this.#close("expired", EXPIRED);
  }

  async #close(ended: "expired" | "closed", code: number): Promise<void> {
    // First of all whoever leads in this session stops: the ensemble ends it inside the client's close.
    this.#end(ended, code);
    // Whoever closes may have been called by the client, which may have more watches to call before it returns:
    // the process ends if it is closed meanwhile (node-zk.cpp, `watcher_fn`).
    await nextTurn();
    // Blocks until the server hangs up: some 10 ms, 1.5 s when cut off. Does nothing once the client is closed.
    this.#client.close();
    // The handles close in the loop's next turn; a thread that ended before would take the process along.
    await nextTurn();
    await nextTurn();
    await this.#lastLook.ended();
  }

  /**
   * Sends a call and settles its promise whatever becomes of it: by its callback, by a code that says it was
   * never sent, or by the end of the session.
   * @param missing what to settle with when there is no such znode; without it that is an error
   */
  #call<T>(
    path: string,
    send: (done: (code: number, value: T) => void) => number,
    missing?: { value: T },
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(errorOf(this.#meaningOf(INVALID_STATE), { path }));
      this.#pending.add(reject);
      const done = (code: number, value?: T) => {
        this.#pending.delete(reject);
        if (isAnswer(code)) this.#hangUps.answered();
        if (code === 0) resolve(value as T);
        else if (code === NO_NODE && missing !== undefined) resolve(missing.value);
        else reject(errorOf(this.#meaningOf(code), { path }));
      };
      let sent: number;
      try {
        sent = send(done);
      } catch (error) {
        this.#pending.delete(reject);
        reject(error);
        return;
      }
      if (sent !== 0) done(sent);
      else if (this.#client.state === NOT_CONNECTED_STATE) this.#lostInSending();
    });
  }

  /** The client tells nobody; it connects anew by itself, after a third of the timeout at the latest. */
  #lostInSending(): void {
    this.#placeholder.hold();
    const now = performance.now();
    // Not within a call: who has called does not expect to be told by then.
    queueMicrotask(() => {
      if (this.#state === "connected") this.#lost(now);
    });
  }

  /** After an expiry the client answers "closing" or "invalid state": the reason is worth more. */
  #meaningOf(code: number): number {
    return this.#ended === "expired" && (code === INVALID_STATE || code === CLOSED) ? EXPIRED : code;
  }

  /** Sends a call that sets a watch. @throws {RequestTooLarge} when there are too many already */
  #setting(
    kind: WatchKind,
    path: string,
    watch: Watch,
    send: (watcher: (type: number) => void, answered: (code: number) => void) => number,
  ): number {
    this.#watched.hold(kind, path);
    const answered = (code: number) => this.#watched.answered(kind, path, code === 0);
    const sent = send(this.#watcherOf(kind, path, watch), answered);
    if (sent !== 0) answered(sent);
    return sent;
  }

  /** A fresh closure for each watch: the addon aborts the process when two clients share one. */
  #watcherOf(kind: WatchKind, path: string, watch: Watch): (type: number) => void {
    return (type) => {
      // Session events (−1) reach every watch at each disconnect; the session's state tells them already.
      const event = watchEvents[type];
      if (event === undefined || this.#ended !== undefined) return;
      // The listener first: a failover waits for it.
      try {
        watch.fire(event);
      } catch (error) {
        // Not through the addon: an exception there has no defined way.
        queueMicrotask(() => {
          throw error;
        });
      }
      this.#watched.fired(kind, path);
    };
  }

  #onClientEvent(event: string, value: unknown): void {
    switch (event) {
      case "connect":
        this.#placeholder.connected();
        if (this.#ended !== undefined) return;
        this.#hangUps.connected(performance.now());
        this.contacts.add({ type: "connected", sentAt: this.#seekingSince, answeredAt: performance.now() });
        this.#enter("connected");
        return;
      case "connecting":
        this.#placeholder.hold();
        this.#lost(performance.now());
        return;
      case "close":
        this.#placeholder.release();
        if (value === EXPIRED) this.#end("expired", EXPIRED);
        else if (value === AUTH_FAILED_STATE) this.#end("auth-failed", AUTH_FAILED);
        else this.#end("closed", CLOSED);
        return;
      default:
      // Events of the global watcher, which nobody uses.
    }
  }

  #end(ended: "expired" | "closed" | "auth-failed", code: number): void {
    if (this.#ended !== undefined) return;
    this.#ended = ended;
    this.#enter(ended === "expired" ? "expired" : "closed");
    const pending = [...this.#pending];
    this.#pending.clear();
    for (const reject of pending) reject(errorOf(code, {}));
  }

  /** @param since not later than that the next connection began to be sought */
  #lost(since: number): void {
    if (this.#ended !== undefined) return;
    const isHopeless = this.#state === "connected" && this.#hangUps.lost(since, this.timeoutMs);
    this.#seekingSince = since;
    this.#enter("suspended");
    if (isHopeless) this.#abandon();
  }

  /** Its client may have closed the sockets of attempts, and tells nobody. */
  get #mayGiveUp(): boolean {
    return this.#state === "suspended" || performance.now() - this.#seekingSince > this.timeoutMs / 3;
  }

  /** While no connection is there: other servers to try, in their order. */
  #direct(list: string): void {
    const { state } = this.#client;
    if (state === CONNECTING_STATE || state === ASSOCIATING_STATE)
      this.#placeholder.during(() => this.#client.set_servers(list));
    else this.#client.set_servers(list);
  }

  #enter(state: SessionState): void {
    if (state === this.#state) return;
    const before = this.#state;
    this.#state = state;
    if (state === "suspended") {
      seeking.add(this);
      this.#seeker.start();
      this.#lastLook.start(this.timeoutMs);
    } else {
      seeking.delete(this);
      if (seeking.size === 0) forgetNumbers();
      this.#seeker.stop();
      this.#lastLook.stop();
    }
    this.emit("state", state, before);
  }
}

const ANY_VERSION = -1;

/** Whether a server has said so: of the codes of its range, the client has two of its own making. */
function isAnswer(code: number): boolean {
  return code === 0 || (code < API_ERROR && code !== EXPIRED && code !== CLOSED);
}
