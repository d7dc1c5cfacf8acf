/**
 * A session with typed calls: all that the rest of the lab knows of ZooKeeper. An election uses only this
 * interface, so the same code also runs on a model of ZooKeeper.
 *
 * Promised: every promise settles, at the latest when the session ends; replies and notifications arrive in the
 * order in which the server sent them. Not promised: that a session learns of its own expiry while it is cut
 * off (it cannot).
 */
import type { EventEmitter } from "node:events";
import type { Contacts } from "./contacts.ts";

/**
 * `connecting` until the first connection; `suspended` while an established connection is lost, when nobody can
 * say whether the session still lives; `expired` and `closed` are final.
 */
export type SessionState = "connecting" | "connected" | "suspended" | "expired" | "closed";

export interface Stat {
  /** The zxid that created the znode. Exact below 2^53. */
  readonly czxid: number;
  readonly mzxid: number;
  readonly pzxid: number;
  readonly version: number;
  readonly cversion: number;
  readonly dataLength: number;
  readonly numChildren: number;
  /** The session that owns an ephemeral znode, in hexadecimal; "0" for a persistent one. */
  readonly ephemeralOwner: string;
  /** Whether this very session owns the znode. */
  readonly createdInThisSession: boolean;
}

export type CreateMode =
  | "persistent"
  | "ephemeral"
  | "persistent-sequential"
  | "ephemeral-sequential"
  | "container";

export type WatchEvent = "created" | "deleted" | "changed" | "children";

/**
 * A one-shot watch. It holds its listener only until it fires or is cancelled, because the native client
 * keeps every watcher for good.
 */
export class Watch {
  #listener: ((event: WatchEvent) => void) | undefined;

  constructor(listener: (event: WatchEvent) => void) {
    this.#listener = listener;
  }

  fire(event: WatchEvent): void {
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.(event);
  }

  /** Whether its listener is still to be called. */
  get armed(): boolean {
    return this.#listener !== undefined;
  }

  /** The listener will not be called. The server keeps the watch until it fires or the session ends. */
  cancel(): void {
    this.#listener = undefined;
  }
}

/** Permissions on a znode: ZooKeeper's permissions, and an identity of an authentication scheme. */
export interface Acl {
  /** A sum of 1 (read), 2 (write), 4 (create), 8 (delete), 16 (admin). */
  readonly permissions: number;
  /** `world`, `auth`, `digest`, `ip`, … */
  readonly scheme: string;
  /** The identity within the scheme: `anyone`, `user:hash`, …; empty for `auth`. */
  readonly id: string;
}

export interface SessionEvents {
  state: [state: SessionState, before: SessionState];
}

export interface Session extends EventEmitter<SessionEvents> {
  /** The hexadecimal form that the server prints, without 0x. */
  readonly id: string;
  /** The timeout negotiated with the server, in milliseconds. */
  readonly timeoutMs: number;
  readonly state: SessionState;
  /** What is known about when the ensemble's leader heard from this session. */
  readonly contacts: Contacts;

  /** Resolves to the path that was created: with its number, for a sequential znode. */
  create(path: string, data: string, mode: CreateMode): Promise<string>;
  /** A watch is set only if the znode exists: `undefined` leaves nothing behind on the server. */
  get(path: string, watch?: Watch): Promise<{ data: Buffer; stat: Stat } | undefined>;
  exists(path: string): Promise<Stat | undefined>;
  /** The names of the children, in no order; `undefined` when there is no such znode. */
  children(path: string, watch?: Watch): Promise<string[] | undefined>;
  /** A version of −1 matches any; `undefined` when there is no such znode. */
  set(path: string, data: string, version: number): Promise<Stat | undefined>;
  /** Replaces the ACL, whatever its version. Resolves to whether there was such a znode. */
  setAcl(path: string, acl: readonly Acl[]): Promise<boolean>;
  /** Resolves to whether there was a znode to remove. A version of −1 matches any. */
  remove(path: string, version?: number): Promise<boolean>;
  /** Once it settles, this session has seen everything that the ensemble had decided before. */
  sync(path: string): Promise<void>;
  /**
   * Ends the session, and with it its ephemeral znodes, unless it is cut off. Never throws; may be repeated.
   */
  close(): Promise<void>;
  /**
   * Opens a new session with the same ensemble, in the same way. This one should have ended before.
   * @throws what opening a session throws, and the signal's reason when it gave up
   */
  reopen(signal?: AbortSignal): Promise<Session>;
}
