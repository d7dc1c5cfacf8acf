/** The messages between the coordinator and the thread that keeps the candidates' processes. */
import type { ProcessBlow } from "../candidates/blows.ts";
import type { BoardMemory } from "../candidates/board.ts";
import type { GrantedSession, TrialContext } from "../candidates/protocol.ts";
import type { ServingServer } from "../history/event.ts";
import type { Blame } from "../history/observations.ts";
import type { Address } from "../network/protocol.ts";
import type { Auth } from "../zookeeper/open-options.ts";
import type { ProgramSpec } from "./program.ts";

export interface ServerOfCandidate {
  readonly target: Address;
  /** Its place in the ensemble's list. */
  readonly place: ServingServer;
}

/** The thread's start data. */
export interface YardData {
  readonly board: BoardMemory;
  /** What all of their packets come to is added up here. */
  readonly tally: SharedArrayBuffer;
  /** The servers of each candidate, in its own order. */
  readonly servers: readonly (readonly ServerOfCandidate[])[];
  /** The path that all znodes of the servers begin with, for the candidates; mostly empty. */
  readonly chroot: string;
  readonly sessionTimeoutMs: number;
  readonly tickTimeMs: number | null;
  readonly auth: readonly Auth[];
  /** The folder for what the programs write to their standard error. */
  readonly folder: string;
}

export type Command =
  /** All candidates join here, and are recorded into this, from now on. */
  | ({ readonly type: "enter"; readonly program: ProgramSpec } & TrialContext)
  /** Starts its process, if there is none. Done when its contender exists. */
  | { readonly type: "join"; readonly candidate: number }
  /** Done when its contender is gone. */
  | { readonly type: "resign"; readonly candidate: number }
  /** It is stopped, until it is to go on. */
  | { readonly type: "hold" | "go-on"; readonly candidate: number }
  /** Done when nothing of these has passed for that long, except heartbeats. */
  | { readonly type: "quiet"; readonly candidates: readonly number[]; readonly forMs: number }
  /** All leave, and their processes end, if need be by force. */
  | { readonly type: "leave" };

export type Request = Command & { readonly id: number };

export interface BlowMessage {
  readonly candidate: number;
  readonly blow: ProcessBlow;
}

export type Report =
  | { readonly type: "started"; readonly candidate: number; readonly pid: number }
  | { readonly type: "gone"; readonly candidate: number; readonly pid: number }
  | ({ readonly type: "session"; readonly candidate: number } & GrantedSession)
  | { readonly type: "done"; readonly id: number }
  | { readonly type: "failed"; readonly id: number; readonly blame: Blame; readonly message: string };
