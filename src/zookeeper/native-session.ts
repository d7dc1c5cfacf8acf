/** {@link Session} on the native client: every trap of the addon ends here. */
import { EventEmitter } from "node:events";
import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type NativeClient, nativeClient } from "./binding.ts";
import { AuthFailed, ConnectTimeout, errorOf, NO_NODE, SessionExpired } from "./errors.ts";
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

/** What another client needs to take a session over. */
export interface SessionIdentity {
  readonly id: string;
  readonly password: string;
}

export interface OpenOptions {
  /** `host:port,…`, with an optional chroot. */
  readonly connect: string;
  /** The session timeout to ask for; the server may grant another one. */
  readonly timeoutMs: number;
  /** How long to wait for the first connection. @default 10000 */
  readonly connectTimeoutMs?: number;
  /** An existing session to take over. */
  readonly identity?: SessionIdentity;
  /** Where a worker thread puts its copy of the addon. */
  readonly scratch?: string;
  /** Gives up the opening; an open session is not concerned. */
  readonly signal?: AbortSignal;
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

/** `close` event codes of the addon (`ZOO_EXPIRED_SESSION_STATE`, `ZOO_AUTH_FAILED_STATE`). */
const EXPIRED = -112;
const AUTH_FAILED = -113;
const CLOSED = -116;
const AUTH_FAILED_CODE = -115;
const SESSION_MOVED = -118;
const API_ERROR = -100;

/**
 * A long child list arrives in pieces, and the addon takes more than this many pieces in a row for an
 * expired session. Its default of 10 was passed by a list of 98 kB.
 */
const PARTIAL_READS = 5000;

export class NativeSession extends EventEmitter<SessionEvents> implements Session {
  readonly #client: NativeClient;
  readonly #options: OpenOptions;
  readonly #pending = new Set<(error: Error) => void>();
  #state: SessionState = "connecting";
  #ended: "expired" | "closed" | "auth-failed" | undefined;
  #closing: Promise<void> | undefined;
  #contactAt = Number.NEGATIVE_INFINITY;

  /** For {@link openSession}: a session that has not connected yet. */
  constructor(client: NativeClient, options: OpenOptions) {
    super();
    this.#options = options;
    // Listeners come and go with elections; their number is no leak.
    this.setMaxListeners(0);
    this.#client = client;
    client.emit = (event, _self, value) => this.#onClientEvent(event, value);
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

  get contactAt(): number {
    return this.#contactAt;
  }

  /** Why the session ended before anybody closed it. */
  get authFailed(): boolean {
    return this.#ended === "auth-failed";
  }

  get identity(): SessionIdentity {
    return { id: this.#client.client_id, password: this.#client.client_password };
  }

  create(path: string, data: string, mode: CreateMode): Promise<string> {
    return this.#call(path, (done) =>
      this.#client.a_create(path, data, createFlags[mode], (code, _text, created) => done(code, created)),
    );
  }

  get(path: string, watch?: Watch): Promise<{ data: Buffer; stat: Stat } | undefined> {
    return this.#call<{ data: Buffer; stat: Stat } | undefined>(
      path,
      (done) => {
        const onReply = (code: number, _text: string, stat: Stat | null, data: Buffer | null) =>
          done(code, stat === null ? undefined : { data: data ?? Buffer.alloc(0), stat });
        return watch === undefined
          ? this.#client.a_get(path, false, onReply)
          : this.#client.aw_get(path, watcherOf(watch), onReply);
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
        return watch === undefined
          ? this.#client.a_get_children(path, false, onReply)
          : this.#client.aw_get_children(path, watcherOf(watch), onReply);
      },
      { value: undefined },
    );
  }

  set(path: string, data: string, version: number): Promise<Stat | undefined> {
    return this.#call<Stat | undefined>(
      path,
      (done) => this.#client.a_set(path, data, version, (code, _text, stat) => done(code, stat ?? undefined)),
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
    const native = acl.map(({ permissions, scheme, id }) => ({ perms: permissions, scheme, auth: id }));
    return this.#call<boolean>(
      path,
      (done) => this.#client.a_set_acl(path, ANY_VERSION, native, (code) => done(code, true)),
      { value: false },
    );
  }

  async sync(path: string): Promise<void> {
    await this.#call(path, (done) => this.#client.a_sync(path, (code) => done(code, undefined)));
  }

  reopen(signal?: AbortSignal): Promise<NativeSession> {
    const { identity: _, signal: __, ...options } = this.#options;
    return openSession({ ...options, ...(signal && { signal }) });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    const open = this.#ended === undefined;
    // First of all whoever leads in this session stops: the ensemble ends it inside the next call.
    this.#end("closed", CLOSED);
    // Blocks until the server hangs up: some 10 ms, 1.5 s when cut off.
    if (open) this.#client.close();
    // The handles close in the loop's next turn; a thread that ended before would take the process along.
    await nextTurn();
    await nextTurn();
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
      this.#pending.add(reject);
      const sentAt = performance.now();
      const done = (code: number, value?: T) => {
        this.#pending.delete(reject);
        if (isAnswer(code)) this.#contactAt = Math.max(this.#contactAt, sentAt);
        if (code === 0) resolve(value as T);
        else if (code === NO_NODE && missing !== undefined) resolve(missing.value);
        else reject(errorOf(this.#meaningOf(code), { path }));
      };
      const sent = send(done);
      if (sent !== 0) done(sent);
    });
  }

  /** After an expiry the client answers "closing" or "invalid state": the reason is worth more. */
  #meaningOf(code: number): number {
    return this.#ended === "expired" && (code === -9 || code === CLOSED) ? EXPIRED : code;
  }

  #onClientEvent(event: string, value: unknown): void {
    switch (event) {
      case "connect":
        // When a send fails, the client connects anew and tells of the loss to nobody (zookeeper.c, `nonblocking_send`).
        if (this.#state === "connected") this.#enter("suspended");
        this.#enter("connected");
        return;
      case "connecting":
        this.#enter("suspended");
        return;
      case "close":
        if (value === EXPIRED) this.#end("expired", EXPIRED);
        else if (value === AUTH_FAILED) this.#end("auth-failed", AUTH_FAILED_CODE);
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

  #enter(state: SessionState): void {
    if (state === this.#state) return;
    const before = this.#state;
    this.#state = state;
    this.emit("state", state, before);
  }
}

const ANY_VERSION = -1;

/** Said by the client itself, or of a session that the ensemble no longer serves here (`zookeeper.h`, "API errors"). */
const NO_ANSWERS: readonly number[] = [EXPIRED, AUTH_FAILED_CODE, CLOSED, SESSION_MOVED];

/** Success, or a refusal by the ensemble. */
function isAnswer(code: number): boolean {
  return code === 0 || (code <= API_ERROR && !NO_ANSWERS.includes(code));
}

/** A server that is there has answered by then. */
const GIVE_UP_WITHIN_MS = 500;

/** A fresh closure for each watch: the addon aborts the process when two clients share one. */
function watcherOf(watch: Watch): (type: number) => void {
  return (type) => {
    // Session events (−1) reach every watch at each disconnect; the session's state tells them already.
    const event = watchEvents[type];
    if (event === undefined) return;
    try {
      watch.fire(event);
    } catch (error) {
      // Not through the addon: an exception there has no defined way.
      queueMicrotask(() => {
        throw error;
      });
    }
  };
}

/**
 * Opens a session and waits until it is connected.
 * @throws {ConnectTimeout} when there is no session within the deadline
 * @throws {SessionExpired} when an existing session was to be taken over and is gone
 * @throws {AuthFailed} when the server refuses the credentials
 * @throws the signal's reason, when it gave up the opening
 */
export async function openSession(options: OpenOptions): Promise<NativeSession> {
  const { connect, timeoutMs, connectTimeoutMs = 10_000, identity, scratch, signal } = options;
  signal?.throwIfAborted();
  const Client = nativeClient(scratch);
  const client = new Client();
  const session = new NativeSession(client, options);
  client.init({
    connect,
    timeout: timeoutMs,
    debug_level: 0,
    host_order_deterministic: false,
    response_counter_limit: PARTIAL_READS,
    ...(identity && { client_id: identity.id, client_password: identity.password }),
  });
  if (client.timeout === -1) {
    throw new ConnectTimeout(0, `none of the hosts in ${connect} can be resolved; check the names`);
  }
  let deadline: NodeJS.Timeout | undefined;
  let patience: NodeJS.Timeout | undefined;
  let giveUp: () => void = () => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      // The server may have made the session already, and only a connected client can end it.
      giveUp = () => {
        patience = setTimeout(() => reject(signal?.reason), GIVE_UP_WITHIN_MS);
      };
      signal?.addEventListener("abort", giveUp);
      session.once("state", (state) => {
        if (state === "connected") resolve();
        else if (state === "expired")
          reject(new SessionExpired(EXPIRED, `the session ${identity?.id} is gone`));
        else if (session.authFailed)
          reject(new AuthFailed(AUTH_FAILED_CODE, `${connect} refuses the credentials`));
        else reject(new ConnectTimeout(0, `the session with ${connect} was closed before it was open`));
      });
      deadline = setTimeout(() => {
        reject(
          new ConnectTimeout(
            0,
            `no session with ${connect} within ${connectTimeoutMs} ms; is a ZooKeeper server listening there, ` +
              "and does its maxClientCnxns (60 an address, by default) leave room?",
          ),
        );
      }, connectTimeoutMs);
    });
    signal?.throwIfAborted();
  } catch (error) {
    await session.close();
    throw error;
  } finally {
    clearTimeout(deadline);
    clearTimeout(patience);
    signal?.removeEventListener("abort", giveUp);
  }
  return session;
}
