/** The messages between the coordinator and the hosts, with one message port per host. */
import type { MessagePort } from "node:worker_threads";
import type { JoinMode } from "../election/join-mode.ts";
import type { SchemeName } from "../election/schemes.ts";
import type { CounterMode } from "../history/header.ts";
import type { Blame } from "../history/observations.ts";
import type { Recording } from "../history/ring.ts";
import { messageOf } from "../thrown.ts";
import type { SessionIdentity } from "../zookeeper/native-session.ts";
import type { Auth } from "../zookeeper/open-options.ts";
import { blameOf } from "./blame.ts";
import type { ThreadBlow } from "./blows.ts";
import type { BoardMemory } from "./board.ts";

/** A candidate that lives in a host, and the servers that it is given. */
export interface Resident {
  readonly candidate: number;
  readonly connect: string;
}

/** A host's start data. */
export interface HostTask {
  /** Its number, which is also its ring's. */
  readonly host: number;
  readonly residents: readonly Resident[];
  /** Whether the servers are our own; then a candidate tries them in the order of its `connect`. */
  readonly embedded: boolean;
  readonly auth: readonly Auth[];
  readonly sessionTimeoutMs: number;
  /** The servers' tick; `null` if they do not report it. */
  readonly tickTimeMs: number | null;
  readonly board: BoardMemory;
  /** The folder for the thread's copy of the addon. */
  readonly scratch: string;
  readonly port: MessagePort;
}

/** The place of a candidate's next joining: trials that take turns share their candidates. */
export interface TrialContext {
  /** The znode of the election. */
  readonly election: string;
  readonly scheme: SchemeSource;
  readonly join: JoinMode;
  /** Whether the scheme's leaders announce themselves. */
  readonly inherits: boolean;
  readonly recording: Recording;
  /** The counter that leaders write to, if they do. */
  readonly counter?: Counter;
}

/** A znode whose version counts the writes to it, and how to write. */
export interface Counter {
  readonly znode: string;
  readonly mode: Exclude<CounterMode, "none">;
}

/** One of our schemes, or the URL of a module that exports a `scheme`, and its title. */
export type OwnSchemeSource =
  | { readonly name: SchemeName }
  | { readonly url: string; readonly title: string };

/** Or a program that is a candidate, with a scheme of its own: a command for `sh`. */
export type SchemeSource = OwnSchemeSource | { readonly command: string };

export type Command =
  /** The candidate joins here and records into this from now on. It must not be in an election. */
  | { readonly type: "enter"; readonly trial: TrialContext }
  /** Opens a session if there is none, and campaigns. Done when the contender exists. */
  | { readonly type: "join" }
  /** Done when the session has seen everything that the ensemble had decided before. */
  | { readonly type: "catch-up" }
  /** Leaves the election. The session lives on. */
  | { readonly type: "stand-down" };

/**
 * A candidate obeys one request after the other. A request is done when all candidates that it names have done
 * it.
 */
export type JointRequest = Command & { readonly id: number; readonly candidates: readonly number[] };

export type Request =
  | JointRequest
  /** All resign, close, and end the thread's task. */
  | { readonly type: "leave"; readonly id: number };

/**
 * A blow takes its turn like a request. It is reported only when it failed: a report would wake the coordinator
 * in the middle of the measured window.
 */
export interface BlowMessage {
  readonly candidate: number;
  readonly blow: ThreadBlow;
}

/** The id for failures without a request, such as a blow's. Requests count from 1. */
export const NO_REQUEST = 0;

/** A new session, with the timeout that the ensemble grants it. */
export interface GrantedSession {
  readonly identity: SessionIdentity;
  readonly timeoutMs: number;
}

export type Report =
  /** The thread runs; others can reach it by this number. */
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
