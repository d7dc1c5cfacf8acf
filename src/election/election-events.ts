/** What an election says of itself: its state, and each phase as it happens. */
import type { Session, WatchEvent } from "../zookeeper/session.ts";
import type { Contender } from "./contenders.ts";
import type { Standing } from "./observer.ts";
import type { LookCause } from "./scheme.ts";
import type { EndReason, Term } from "./term.ts";

export type ElectionState =
  | { readonly state: "idle" }
  | { readonly state: "joining" }
  | { readonly state: "looking"; readonly contender: Contender }
  | { readonly state: "waiting"; readonly contender: Contender; readonly watching: Contender | "children" }
  /** Waits behind a leader that has announced itself, and claims without another look when that is gone. */
  | { readonly state: "heir"; readonly contender: Contender; readonly watching: Contender }
  | { readonly state: "leading"; readonly term: Term }
  /** The connection is lost. The session may live on, but nobody here claims to lead. */
  | { readonly state: "suspended" }
  /** The session has expired, and another one is being opened. */
  | { readonly state: "rejoining"; readonly attempt: number }
  /** It leads and waits no longer. Its contender is about to be removed: by a delete, or with its session. */
  | { readonly state: "resigning" }
  /** The session is gone, or the ensemble refused a step: `error` says which. */
  | { readonly state: "over"; readonly error: Error };

/** Each phase, as it happens. Listeners run inside the measured path: they must be quick. */
export interface ElectionEvents {
  creating: [];
  created: [contender: Contender, token: number];
  reading: [cause: LookCause];
  read: [contenders: number];
  armed: [watching: Contender | "children"];
  /** A watch fired: `changed` is an announcement under a scheme that inherits, or new data. */
  notified: [watching: Contender | "children", event: WatchEvent];
  claimed: [term: Term];
  /** The term stands in the own znode for all to read: only under a scheme that inherits. */
  announced: [term: Term];
  /** A heartbeat was answered: a sync, or whether the own znode is there. */
  beat: [asked: "sync" | "own"];
  /** The connection of the session is lost. */
  lost: [];
  /**
   * A job of `lead()` has failed, or not ended with its term: it has resigned, and joins again after a pause.
   */
  failed: [error: Error, term: Term, pauseMs: number];
  /**
   * A step has failed several times in a row, and is tried again after a pause: without end, so that somebody
   * should hear of it. It goes on by itself when what ails the ensemble passes.
   * @param attempt how often it has failed
   */
  trouble: [error: Error, attempt: number];
  ended: [term: Term, reason: EndReason];
  removing: [contender: Contender];
  removed: [contender: Contender];
  /**
   * Somebody else leads, or nobody. It is looked for only while somebody
   * listens: each listener's candidate watches.
   */
  leader: [leader: Standing | undefined];
  /** A new session has taken the place of one that had expired. */
  rejoined: [session: Session];
  state: [state: ElectionState];
}
