/**
 * A schedule: all that is chosen in a simulated run, so that the same schedule is the same run. Plain data, to
 * be generated, shrunk, printed and played again.
 */
import type { SuspendedPolicy } from "../election/ground.ts";
import { type SchemeName, schemes } from "../election/schemes.ts";
import { LabError } from "../lab-error.ts";
import type { SequenceOverflow } from "./znode-tree.ts";

/** What somebody does to the world, or has a candidate do. */
export const acts = [
  /** Nothing: the world goes on. */
  "wait",
  /**
   * It goes on for a while as it should: whatever may happen happens, in order,
   * and time passes when nothing else may.
   */
  "pass",
  /** A candidate joins, with a new session if it has none. */
  "join",
  "resign",
  /** It closes its session, whatever it is doing. */
  "close",
  /** A campaign is given up by its signal. */
  "give-up",
  /** Whoever leads, or has led, writes with its token. */
  "write",
  /** Its connection is reset, with what is under way. */
  "drop",
  /** Nothing gets through, in both directions or in one. */
  "cut",
  "mute",
  "deaf",
  "heal",
  "freeze",
  "thaw",
  "pause-server",
  "resume-server",
  "crash-server",
  "restart-server",
  /** It has too much to do: it does not carry out what it is asked next. */
  "throttle-server",
  /** Another server leads the ensemble. */
  "elect-server",
  /** What a server and the ensemble's leader say to each other waits, in both directions or in one. */
  "cut-link",
  "mute-link",
  "deaf-link",
  "heal-link",
  /** It is lost: the server joins again at once, or when the link is healed. */
  "lose-link",
  /** An operator ends a session. */
  "end-session",
  /** An operator deletes a contender. */
  "delete",
  /** An operator deletes the election with all contenders. */
  "wipe",
  /** An operator writes into a contender's znode. */
  "scribble",
  /** The ensemble loses all its data, and begins anew. */
  "lose-data",
  /** Time passes while nobody runs, as when a machine sleeps. */
  "leap",
] as const;

export type Act = (typeof acts)[number];

export interface Step {
  readonly act: Act;
  /**
   * Which candidate or server, counted round. From 6 on it is whoever leads: of the candidates the one with a
   * term, of the servers the ensemble's leader, and by 7 the one that serves the leading candidate.
   */
  readonly who: number;
  /** How much, where an act can be smaller and larger; from 0 to 7. */
  readonly amount: number;
  /** So many events of the world follow. */
  readonly events: number;
  /** The seed by which they are chosen. */
  readonly choice: number;
}

export interface Schedule {
  /** Of the candidates, counted round. */
  readonly schemes: readonly SchemeName[];
  readonly candidates: number;
  readonly replicas: number;
  readonly suspendedPolicy: SuspendedPolicy;
  readonly rejoin: boolean;
  /** The number of the first contender: near the end of the counter, contenders are refused. */
  readonly firstNumber: number;
  readonly sequenceOverflow: SequenceOverflow;
  readonly tickTimeMs: number;
  /** For the chance of the candidates. */
  readonly seed: number;
  readonly steps: readonly Step[];
}

/** What a schedule that was printed before may lack. */
const defaults = { sequenceOverflow: "wraps", tickTimeMs: 200, seed: 1 } as const;

/** As it was printed, by this version or an older one. @throws {LabError} `usage` */
export function parseSchedule(text: string): Schedule {
  try {
    const { scheme, ...printed } = JSON.parse(text) as Partial<Schedule> & { readonly scheme?: SchemeName };
    const schedule = { ...defaults, schemes: scheme && [scheme], ...printed } as Partial<Schedule>;
    const known = schedule.schemes?.every((name) => name in schemes) && Array.isArray(schedule.steps);
    if (known) return schedule as Schedule;
  } catch {
    // Said below.
  }
  throw new LabError("usage", "--replay: give a schedule as yarn simulate prints it, in quotes");
}
