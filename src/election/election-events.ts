/** What an election reports: its state, and each phase as it happens. */
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
  /**
   * Waits behind a leader that has announced itself, and claims without another look when that leader is gone.
   */
  | { readonly state: "heir"; readonly contender: Contender; readonly watching: Contender }
  | { readonly state: "leading"; readonly term: Term }
  /** The connection is lost. The session may live on, but nobody here claims to lead. */
  | { readonly state: "suspended" }
  /** The session has expired, and another one is being opened. */
  | { readonly state: "rejoining"; readonly attempt: number }
  /** No longer leads or waits. Its contender is about to be removed: by a delete, or with its session. */
  | { readonly state: "resigning" }
  /** The session is gone, or the ensemble refused a step: `error` says which. */
  | { readonly state: "over"; readonly error: Error };

/** Each phase, as it happens. Listeners run inside the measured path, so they must be quick. */
export interface ElectionEvents {
  creating: [];
  created: [contender: Contender, token: number];
  reading: [cause: LookCause];
  read: [contenders: number];
  armed: [watching: Contender | "children"];
  /** A watch fired: `changed` means an announcement, under a scheme that inherits, or new data. */
  notified: [watching: Contender | "children", event: WatchEvent];
  claimed: [term: Term];
  /** The term is announced in the candidate's own znode: only under a scheme that inherits. */
  announced: [term: Term];
  /**
   * A heartbeat was answered: it was a sync, or asked whether a znode is there, the candidate's own or that of
   * an older one (landmarks.ts).
   */
  beat: [asked: "sync" | "own" | "landmark"];
  /** The session's connection is lost. */
  lost: [];
  /**
   * A job of `lead()` has failed, or did not end with its term: the candidate has resigned, and joins again
   * after a pause.
   */
  failed: [error: Error, term: Term, pauseMs: number];
  /**
   * A step has failed several times in a row, and is tried again after a pause. It is retried for ever, so
   * somebody should know. The election goes on by itself once the ensemble has recovered.
   * @param attempt the number of failures so far
   */
  trouble: [error: Error, attempt: number];
  ended: [term: Term, reason: EndReason];
  removing: [contender: Contender];
  removed: [contender: Contender];
  /**
   * Somebody else leads, or nobody. The election looks for the leader only while there are listeners: each
   * listening candidate sets a watch.
   */
  leader: [leader: Standing | undefined];
  /** A new session has replaced one that had expired. */
  rejoined: [session: Session];
  state: [state: ElectionState];
}
