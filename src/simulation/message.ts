/** The messages between a client and its replica. */
import type { Acl, CreateMode, Watch, WatchEvent } from "../zookeeper/session.ts";

export type Operation = "create" | "get" | "exists" | "children" | "set" | "set-acl" | "remove" | "sync";

export interface CallDetails {
  readonly data: string;
  readonly mode: CreateMode;
  readonly version: number;
  readonly acl: readonly Acl[] | undefined;
  readonly watch: Watch | undefined;
}

/** A session's call, from its sending to its answer. */
export interface Call extends CallDetails {
  readonly operation: Operation;
  readonly path: string;
  readonly sentAt: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export type Request =
  | Call
  | { readonly operation: "ping" }
  /** Sent after a reconnection: the watches that have not fired, and the last zxid that the client has seen. */
  | {
      readonly operation: "set-watches";
      readonly zxid: number;
      readonly data: readonly string[];
      readonly children: readonly string[];
    }
  | { readonly operation: "close-session" };

export type Message =
  | { readonly type: "connected" }
  /** The answer to a client that comes back too late. */
  | { readonly type: "expired" }
  | {
      readonly type: "reply";
      readonly call: Call;
      /** A return code of ZooKeeper, 0 for success. */
      readonly code: number;
      readonly value: unknown;
      readonly zxid: number;
    }
  | { readonly type: "pong" }
  | { readonly type: "notification"; readonly event: WatchEvent; readonly path: string }
  /** The connection has ended: nothing comes after this. */
  | { readonly type: "hangup" };

/** Whether a program has made the request, not the client by itself. */
export function isCall(request: Request | { readonly operation: "connect" }): request is Call {
  return "path" in request;
}

/** Whether the leader has to take part in the answer. */
export function needsLeader({ operation }: Request): boolean {
  switch (operation) {
    case "create":
    case "set":
    case "set-acl":
    case "remove":
    case "sync":
    case "close-session":
      return true;
    case "get":
    case "exists":
    case "children":
    case "ping":
    case "set-watches":
      return false;
    default:
      return operation satisfies never;
  }
}
