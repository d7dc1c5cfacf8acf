/** {@link Session} on the native client: this hides every trap of the addon. */
import { EventEmitter } from "node:events";
import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { NativeClient, NativeClientClass, NativeConfig } from "./binding.ts";
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
import { type Listening, Silence } from "./silence.ts";
import { WatchedPaths, type WatchKind } from "./watched-paths.ts";

/** Identifies a session, so that another client can take it over. */
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
 * The code of the addon's `close` event for refused credentials (`ZOO_AUTH_FAILED_STATE`); an expiry has its
 * error's code.
 */
const AUTH_FAILED_STATE = -113;
const CLOSED = -116;
const INVALID_STATE = -9;
/** Codes below this are answers of servers. */
const API_ERROR = -100;
/**
 * States of the client (zk_adaptor.h): it waits for a TCP connection, or for the answer to its first packet.
 */
const CONNECTING_STATE = 1;
const ASSOCIATING_STATE = 2;
/** The client has closed its socket because it could not send (zookeeper.c, `nonblocking_send`). */
const NOT_CONNECTED_STATE = 999;

/** How a session was opened. */
export interface Origin {
  readonly servers: Servers;
  /** The route that its client was given. */
  readonly route: Route;
  /** The list of all its servers, as its client was given it. */
  readonly list: string;
  readonly chroot: string;
  /** The servers' limit. */
  readonly maxRequestBytes: number;
  /** Opens another session in the same way. */
  readonly reopen: (signal: AbortSignal | undefined) => Promise<NativeSession>;
  /** Opens another session to look at the same servers. */
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
  readonly #silence: Silence;
  /** Whether its client might turn to another server, and would do so late. */
  #turnsLate = false;
  #state: SessionState = "connecting";
  /** As granted with the latest connection. Asking the client takes longer, and leases are read in a hurry. */
  #grantedMs: number | undefined;
  #ended: "expired" | "closed" | "auth-failed" | undefined;
  #closing: Promise<void> | undefined;
  #contacts: Contacts | undefined;
  /** The time when the search for the current connection, or for the next one, began. */
  #seekingSince = performance.now();
  /** Needed only for an addon that holds the numbers of closed sockets. */
  readonly #placeholder: Placeholder | undefined;
  #isOver: () => void = () => undefined;
  /** Settles when the session has ended, or has been closed as far as that was possible. */
  readonly over = new Promise<void>((resolve) => {
    this.#isOver = resolve;
  });

  /** Used by `openSession`: creates a session that has not connected yet. */
  constructor(client: NativeClient, origin: Origin) {
    super();
    this.#origin = origin;
    this.#seeker = new Seeker(origin.servers, origin, (list) => this.#direct(list));
    this.#lastLook = new LastLook({ open: origin.look, over: () => this.#abandon() });
    this.#silence = new Silence(this.#listening());
    this.#watched = new WatchedPaths(origin.chroot, origin.maxRequestBytes);
    // Listeners come and go with elections, so a large number is not a leak.
    this.setMaxListeners(0);
    this.#client = client;
    const { lets_go_of_lost_sockets: letsGo = false } = client.constructor as NativeClientClass;
    this.#placeholder = letsGo ? undefined : new Placeholder();
    seeking.add(this);
    client.emit = (event, _self, value) => this.#onClientEvent(event, value);
  }

  /** Used by `openSession`: begins to connect. */
  init(config: NativeConfig): void {
    const init = () => this.#client.init(config);
    // The other sessions' clients may hold numbers of sockets that they have closed.
    const mayBeTaken = this.#placeholder !== undefined;
    if (mayBeTaken && [...seeking].some((other) => other !== this && other.#mayGiveUp))
      underFreshNumber(init);
    else init();
  }

  get id(): string {
    return this.#client.client_id;
  }

  get timeoutMs(): number {
    return this.#grantedMs ?? this.#client.timeout;
  }

  get state(): SessionState {
    return this.#state;
  }

  get contacts(): Contacts {
    this.#contacts ??= new Contacts(this.timeoutMs);
    return this.#contacts;
  }

  /** The reason if the session ended before anybody closed it. */
  get authFailed(): boolean {
    return this.#ended === "auth-failed";
  }

  /** Whether a server has accepted the connection but has not answered yet. */
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

  /** The ensemble has given this session up, or will within its timeout, and cannot say so. */
  #abandon(): void {
    this.#closing ??= this.#close("expired", EXPIRED);
  }

  async #close(ended: "expired" | "closed", code: number): Promise<void> {
    // A leader in this session stops first: the ensemble ends the session inside the client's close.
    this.#end(ended, code);
    // The caller may have been called by the client, which may have more watches to call before it returns: the
    // process ends if the client is closed meanwhile (node-zk.cpp, `watcher_fn`).
    await nextTurn();
    // Blocks until the server hangs up: some 10 ms, or 1.5 s when cut off. Does nothing once the client is
    // closed.
    this.#client.close();
    // The handles close in the loop's next turn; if the thread ended before that, the process would end with
    // it.
    await nextTurn();
    await nextTurn();
    this.#isOver();
    await this.#lastLook.ended();
  }

  /**
   * Sends a call and settles its promise in every case: by its callback, by a code that says it was never sent,
   * or by the end of the session.
   * @param missing the result if there is no such znode; without it that is an error
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
        if (isAnswer(code)) {
          this.#hangUps.answered();
          this.#silence.heard();
        }
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
      else this.#silence.asked();
    });
  }

  #listening(): Listening {
    const session = this;
    return {
      get timeoutMs() {
        return session.timeoutMs;
      },
      get isWaiting() {
        return session.#state === "connected" && session.#pending.size > 0;
      },
      get turnsLate() {
        return session.#turnsLate && session.#state === "connected";
      },
      request: () => void session.sync("/").catch(() => undefined),
    };
  }

  /** The client does not report this; it reconnects by itself, after a third of the timeout at the latest. */
  #lostInSending(): void {
    this.#placeholder?.hold();
    const now = performance.now();
    // This must not happen within a call: its caller does not expect events then.
    queueMicrotask(() => {
      if (this.#state === "connected") this.#lost(now);
    });
  }

  /** The client answers "closing" or "invalid state" after an expiry: the real reason says more. */
  #meaningOf(code: number): number {
    return this.#ended === "expired" && (code === INVALID_STATE || code === CLOSED) ? EXPIRED : code;
  }

  /**
   * Sends a call that sets a watch.
   * @throws {RequestTooLarge} when there are too many already
   */
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

  /** Each watch gets a fresh closure: the addon aborts the process when two clients share one. */
  #watcherOf(kind: WatchKind, path: string, watch: Watch): (type: number) => void {
    return (type) => {
      // Session events (−1) reach every watch at each disconnect; the session's state reports them already.
      const event = watchEvents[type];
      if (event === undefined || this.#ended !== undefined) return;
      this.#silence.heard();
      // The listener comes first: a failover waits for it.
      try {
        watch.fire(event);
      } catch (error) {
        // An error must not pass through the addon, where an exception has no defined effect.
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
        this.#placeholder?.connected();
        this.#grantedMs = this.#client.timeout;
        if (this.#ended !== undefined) return;
        this.#hangUps.connected(performance.now());
        this.#turnsLate = this.#placeholder !== undefined && this.#origin.servers.varies;
        this.#silence.heard();
        this.contacts.add({ type: "connected", sentAt: this.#seekingSince, answeredAt: performance.now() });
        this.#enter("connected");
        return;
      case "connecting":
        this.#placeholder?.hold();
        this.#lost(performance.now());
        return;
      case "close":
        this.#placeholder?.release();
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
    this.#silence.stop();
    if (ended === "expired") this.#isOver();
    this.#enter(ended === "expired" ? "expired" : "closed");
    const pending = [...this.#pending];
    this.#pending.clear();
    for (const reject of pending) reject(errorOf(code, {}));
  }

  /** @param since a time no later than when the search for the next connection began */
  #lost(since: number): void {
    if (this.#ended !== undefined) return;
    const isHopeless = this.#state === "connected" && this.#hangUps.lost(since, this.timeoutMs);
    this.#seekingSince = since;
    this.#enter("suspended");
    if (isHopeless) this.#abandon();
  }

  /** Whether its client may have closed the socket of an attempt without a report. */
  get #mayGiveUp(): boolean {
    return this.#state === "suspended" || performance.now() - this.#seekingSince > this.timeoutMs / 3;
  }

  /** Gives the client other servers to try, in their order, while there is no connection. */
  #direct(list: string): void {
    const { state } = this.#client;
    const direct = () => void this.#client.set_servers(list);
    const isTrying = state === CONNECTING_STATE || state === ASSOCIATING_STATE;
    if (isTrying && this.#placeholder !== undefined) this.#placeholder.during(direct);
    else direct();
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

/** Whether a server sent this code: two of the codes in the servers' range come from the client. */
function isAnswer(code: number): boolean {
  return code === 0 || (code < API_ERROR && code !== EXPIRED && code !== CLOSED);
}
