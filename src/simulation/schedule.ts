/**
 * A schedule contains every choice of a simulated run, so the same schedule gives the same run. It is plain
 * data, to be generated, shrunk, printed and played again.
 */
import type { SuspendedPolicy } from "../election/candidacy-context.ts";
import type { JoinMode } from "../election/join-mode.ts";
import { NEAR } from "../election/landmarks.ts";
import type { Runtime } from "../election/runtime.ts";
import { type SchemeName, schemes } from "../election/schemes.ts";
import { LabError } from "../lab-error.ts";
import type { SequenceOverflow } from "./znode-tree.ts";

/** Acts on the world, or by a candidate. */
export const acts = [
  /** Nothing: the world goes on. */
  "wait",
  /**
   * The world goes on normally for a while: everything that may happen happens, in order, and time passes when
   * nothing else may.
   */
  "pass",
  /** A candidate joins, with a new session if it has none. */
  "join",
  "resign",
  /** It closes its session, whatever it is doing. */
  "close",
  /** Its signal gives a campaign up. */
  "give-up",
  /** A candidate that leads, or has led, writes with its token. */
  "write",
  /** Its connection is reset, with everything in flight. */
  "drop",
  /** Nothing gets through, in both directions or in one. */
  "cut",
  "mute",
  "deaf",
  "heal",
  "freeze",
  "thaw",
  /** Its process is killed, and another one takes its place. */
  "kill",
  /** Its process is cut off from whoever keeps its wills. */
  "lose-pipe",
  "pause-server",
  "resume-server",
  "crash-server",
  "restart-server",
  /** The server is overloaded: it does not carry out the next calls. */
  "throttle-server",
  /** Another server leads the ensemble. */
  "elect-server",
  /** Messages between a server and the ensemble's leader wait, in both directions or in one. */
  "cut-link",
  "mute-link",
  "deaf-link",
  "heal-link",
  /** The link is lost: the server joins again at once, or when the link is healed. */
  "lose-link",
  /** An operator ends a session. */
  "end-session",
  /** An operator deletes a contender. */
  "delete",
  /** An operator deletes the election with all contenders. */
  "wipe",
  /** An operator writes into a contender's znode. */
  "scribble",
  /** The ensemble loses all its data, and starts afresh. */
  "lose-data",
  /** Time passes while nobody runs, as when a machine sleeps. */
  "leap",
] as const;

export type Act = (typeof acts)[number];

export interface Step {
  readonly act: Act;
  /**
   * The candidate or server, modulo their number. From 6 on it is the leader: among candidates the one with a
   * term, among servers the ensemble's leader, and with 7 the one that serves the leading candidate.
   */
  readonly who: number;
  /** The size of an act that can be smaller or larger; from 0 to 7. */
  readonly amount: number;
  /** This many events of the world follow. */
  readonly events: number;
  /** The seed by which they are chosen. */
  readonly choice: number;
}

export interface Schedule {
  /** The candidates' schemes, modulo their number. */
  readonly schemes: readonly SchemeName[];
  readonly candidates: number;
  readonly replicas: number;
  readonly suspendedPolicy: SuspendedPolicy;
  readonly rejoin: boolean;
  /** Whether sessions end with their processes. */
  readonly wills: boolean;
  /** The number of the first contender: near the end of the counter, contenders are refused. */
  readonly firstNumber: number;
  readonly sequenceOverflow: SequenceOverflow;
  readonly tickTimeMs: number;
  /** See {@link Runtime.near}. */
  readonly near: number;
  /** The seed of the candidates' chance. */
  readonly seed: number;
  readonly steps: readonly Step[];
  /** How the candidates join, modulo their number, as far as their schemes allow. */
  readonly joins: readonly JoinMode[];
}

/** Defaults for what a schedule printed earlier may lack. */
const defaults = {
  wills: false,
  sequenceOverflow: "wraps",
  tickTimeMs: 200,
  near: NEAR,
  seed: 1,
  joins: ["by-list"],
} as const;

/**
 * Parses a schedule as printed by this version or an older one.
 * @throws {LabError} `usage`
 */
export function parseSchedule(text: string): Schedule {
  try {
    const { scheme, ...printed } = JSON.parse(text) as Partial<Schedule> & { readonly scheme?: SchemeName };
    const schedule = { ...defaults, schemes: scheme && [scheme], ...printed } as Partial<Schedule>;
    const known = schedule.schemes?.every((name) => name in schemes) && Array.isArray(schedule.steps);
    if (known) return schedule as Schedule;
  } catch {
    // The check below reports it.
  }
  throw new LabError("usage", "--replay: give a schedule as yarn simulate prints it, in quotes");
}
