/** What the coordinator and the hosts say to each other, one message port for each host. */
import type { MessagePort } from "node:worker_threads";
import type { SchemeName } from "../election/schemes.ts";
import type { CounterMode } from "../history/header.ts";
import type { Blame } from "../history/observations.ts";
import type { Recording } from "../history/recorder.ts";
import { messageOf } from "../thrown.ts";
import type { SessionIdentity } from "../zookeeper/native-session.ts";
import type { Auth } from "../zookeeper/open-options.ts";
import { blameOf } from "./blame.ts";
import type { Blow } from "./blows.ts";
import type { BoardMemory } from "./board.ts";

/** A candidate that lives in a host, and the servers that it is told of. */
export interface Resident {
  readonly candidate: number;
  readonly connect: string;
}

/** What a host is started with. */
export interface HostTask {
  /** Its number, which is its ring's as well. */
  readonly host: number;
  readonly residents: readonly Resident[];
  /** Whether the servers are our own, which a candidate tries in the order of its `connect`. */
  readonly embedded: boolean;
  readonly auth: readonly Auth[];
  readonly sessionTimeoutMs: number;
  /** Of the servers; `null` where they do not tell. */
  readonly tickTimeMs: number | null;
  readonly board: BoardMemory;
  /** Where the thread puts its copy of the addon. */
  readonly scratch: string;
  readonly port: MessagePort;
}

/** Where a candidate's next joining takes place: trials that take turns share their candidates. */
export interface Stage {
  /** The znode of the election. */
  readonly election: string;
  readonly scheme: SchemeSource;
  readonly recording: Recording;
  /** What leaders write to, where they do. */
  readonly counter?: Counter;
}

/** A znode whose version counts the writes to it, and how they are made. */
export interface Counter {
  readonly znode: string;
  readonly mode: Exclude<CounterMode, "none">;
}

/** A scheme of ours, or the URL of a module whose export `scheme` is one, and what that is called. */
export type SchemeSource = { readonly name: SchemeName } | { readonly url: string; readonly title: string };

export type Command =
  /** From now on, this is where it joins and what it records into. It is not in an election. */
  | { readonly type: "enter"; readonly stage: Stage }
  /** Open a session if there is none, and campaign. Done when the contender exists. */
  | { readonly type: "join" }
  /** Done when the session has seen all that the ensemble had decided before. */
  | { readonly type: "catch-up" }
  /** Leave the election. The session lives on. */
  | { readonly type: "stand-down" };

/** A candidate obeys one request after the other. A request is done when all that it names have done it. */
export type JointRequest = Command & { readonly id: number; readonly candidates: readonly number[] };

export type Request =
  | JointRequest
  /** All resign, close, and end the thread's task. */
  | { readonly type: "leave"; readonly id: number };

/**
 * Its turn comes as a request's does. It is reported only when it failed: a report would wake the coordinator
 * in the middle of the measured window.
 */
export interface BlowMessage {
  readonly candidate: number;
  readonly blow: Blow;
}

/** For what fails when it was not asked for, as a blow. Requests count from 1. */
export const NO_REQUEST = 0;

/** A new session, with the timeout that the ensemble grants it. */
export interface GrantedSession {
  readonly identity: SessionIdentity;
  readonly timeoutMs: number;
}

export type Report =
  /** The thread runs; by this number others can reach it. */
  | { readonly type: "thread"; readonly threadId: number }
  | ({ readonly type: "session"; readonly candidate: number } & GrantedSession)
  | { readonly type: "done"; readonly id: number }
  | { readonly type: "failed"; readonly id: number; readonly blame: Blame; readonly message: string };

/** @param id of the request that failed, or {@link NO_REQUEST} */
export function failed(id: number, error: unknown): Report {
  return {
    type: "failed",
    id,
    blame: blameOf(error),
    message: messageOf(error),
  };
}
