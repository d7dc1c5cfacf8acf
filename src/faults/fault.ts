/**
 * A fault strikes one candidate or several. It knows threads and sessions, but not the election's recipe. All
 * other code reads what it needs about a fault from here: no other file knows one by name. So nothing here
 * imports anything that runs.
 */
import type { Blow } from "../candidates/blows.ts";
import type { StrikableMember } from "../ensemble/member.ts";
import type { ServerStrikes } from "../ensemble/server-strikes.ts";
import type { Expectation, Victims } from "../history/strike.ts";
import type { Network } from "../network/network.ts";
import type { Session } from "../zookeeper/session.ts";
import type { Parameters, Settings } from "./parameter.ts";
import type { Span } from "./span.ts";
import type { Timing } from "./timing.ts";

/** The means of a fault. */
export interface StrikeContext {
  /** The number of the failover, from 1; 0 is a warm-up. */
  readonly failover: number;
  readonly timing: Timing;
  /** The number of candidates; each is known by a number from 0. */
  readonly candidates: number;
  /** The coordinator's own session. */
  readonly session: Pick<Session, "remove">;
  /** Makes the servers write so many bytes to their logs, beside the election. */
  write(bytes: number): Promise<void>;
  /** The znode of a candidate's contender, as it was before the failover's window. */
  contender(candidate: number): string;
  /** Records that the fault strikes one of its victims, immediately before it first does. */
  record(victim: number): void;
  /** Makes the candidate's own thread strike itself, and record that; nobody waits for it. */
  strike(candidate: number, blow: Blow): void;
  /** Settles when the ensemble has removed a victim's contender, or it should have. */
  gone(victim: number): Promise<void>;
  /** Makes candidates join again, each as soon as it can; settles when the contenders of all stand. */
  comeBack(candidates: readonly number[]): Promise<void>;
  /** Ends a candidate's session from outside, and records that the fault strikes. */
  expire(victim: number): Promise<void>;
  /**
   * The servers. They are whole again before the next failover.
   * @throws when they may not be struck
   */
  readonly servers: ServerStrikes;
  /** The server that serves a candidate's session. */
  serverOf(candidate: number): Promise<StrikableMember>;
  /**
   * Makes a candidate's session go on at this server.
   * @returns when all have settled again
   * @throws if the fault does not say that it needs a network between candidates and servers
   */
  moveTo(candidate: number, server: StrikableMember): Promise<void>;
  /** The next number from 0 to 1; the run's seed gives every trial the same ones in the same failover. */
  random(): number;
  /** Lets so many milliseconds pass, less if the trial is to end early. */
  pass(ms: number): Promise<void>;
  /** Records that a fault that lasts is over. */
  healed(): void;
  /** @throws if the fault does not say that it needs one */
  readonly network: Network;
}

/**
 * A requirement on the trial; a trial that does not meet it is refused with the reason, before anything starts.
 * The reason is the end of a sentence: "it strikes …".
 */
export type Need =
  | { readonly what: "candidates"; readonly fewest: number; readonly because: string }
  /** Servers that may be struck. */
  | { readonly what: "servers"; readonly fewest: number; readonly because: string }
  | { readonly what: "session-timeout"; readonly moreThan: Span; readonly because: string }
  /** Relays between candidates and servers, or between the servers of the run's own. The run brings them. */
  | { readonly what: "network"; readonly between?: "servers" }
  /** What candidates live in. */
  | { readonly what: "host"; readonly is: "thread" | "process"; readonly because: string }
  /** Candidates that do not share a thread. */
  | { readonly what: "own-thread"; readonly because: string }
  /**
   * A small disk for the data of each of the run's own servers. The run brings them, if it may mount them. A
   * limited one can be made slow, where control groups permit it.
   */
  | { readonly what: "disk"; readonly limited?: true };

/** The parameters of a fault, and what they were set to. */
export interface Tuning {
  readonly parameters: Parameters;
  /** Values that its name says. */
  readonly given: Settings;
  /** Values that it does not say, in place of defaults. */
  readonly assumed: Settings;
  give(settings: Settings): Fault;
  assume(settings: Settings): Fault;
}

export interface Fault {
  readonly name: string;
  /** A line about what happens, for lists of faults. */
  readonly summary: string;
  /**
   * The beginning of a story: "the leader resigns".
   * @default the summary, up to its first comma or semicolon
   */
  readonly happens?: string;
  /** Its parameters, if it has any. */
  readonly tuning?: Tuning;
  readonly needs: readonly Need[];
  /** The victims' places in a line of this many candidates, the oldest first; the leader is at 0. */
  positions(candidates: number): readonly [number, ...number[]];
  readonly leader: Expectation["leader"];
  /**
   * Whether the ensemble has to miss the victims; otherwise it is told at once that their contenders end.
   * `perhaps` if that, and when, is up to the strike: then theory says nothing about the time that it takes.
   */
  readonly fallsSilent: boolean | "perhaps";
  /**
   * Whether it ends the victim's process. If that has left a will, its session ends at once: see `withWill`.
   * @default false
   */
  readonly endsProcess?: boolean;
  /**
   * Whether the servers have to elect a leader of their own before they can miss the victims. It gives every
   * session its whole timeout anew.
   * @default false
   */
  readonly serversElect?: boolean;
  /**
   * The fate of each victim, whatever the election does. `joins-again` means that it does so by itself; one
   * that `stays` keeps its session and its contender.
   */
  readonly victim: "loses-its-session" | "leaves" | "joins-again" | "stays";
  /**
   * How the victims come back before all have settled again, if they do: together when all have gone, or one by
   * one while others go.
   * @default they come back later
   */
  readonly comeBack?: "together" | "one-by-one";
  /**
   * Whether the fault can leave behind an old leader that still believes that it leads, and acts on it, beside
   * its successor.
   */
  readonly leavesBehind: "nobody" | "an-old-leader";
  /** The noun that follows "per" in texts. */
  readonly occasion: string;
  /** A sentence: what was done to the victims. */
  struck(victims: Victims): string;
  /**
   * The bytes of the fault's requests, as a server counts them, given the length of the victim's path; `null`
   * if not known. Syntax of the requests: ZooKeeper's `zookeeper.jute`.
   */
  requestBytes(victimPath: number): number | null;
  /**
   * Settles when the fault has struck, possibly before it has had its effect; if it lasts, and the candidates
   * cannot settle before it ends, when it is over.
   */
  strike(victims: Victims, context: StrikeContext): Promise<void>;
}
