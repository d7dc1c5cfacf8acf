/**
 * A scheme says what a contender that does not lead watches. It is the only part in which elections differ
 * here, so a measured difference between two schemes can only come from the scheme.
 */
import type { Contender } from "./contenders.ts";

/** A contender's view when it looks. */
export interface View {
  /** All contenders, the oldest first. */
  readonly contenders: readonly Contender[];
  /** The candidate's own position: at 0 nobody is before it. */
  readonly position: number;
  /** Why it looks. */
  readonly cause: LookCause;
}

/**
 * It has joined; its watch has fired; the znode that it wanted to watch was gone; its session is connected
 * again; or its lease has run out, so it may no longer lead, or not yet.
 */
export type LookCause = "joined" | "notified" | "vanished" | "reconnected" | "lapsed";

export type Decision =
  | { readonly type: "lead" }
  | { readonly type: "watch"; readonly contender: Contender }
  /** Watches the child list: the look itself has set the watch, see {@link Scheme.watchesChildren}. */
  | { readonly type: "watch-children" };

export interface Scheme {
  readonly name: string;
  /** Whether every look sets a watch on the child list of the election. */
  readonly watchesChildren: boolean;
  /**
   * Whether a leader announces its term in its znode, and the contender that watches it claims as soon as that
   * znode is gone, without another look: correct only if {@link decide} has it watch the one just before it.
   * @default false
   */
  readonly inherits?: boolean;
  /** What to do, given the view. A pure function. */
  decide(view: View): Decision;
  /**
   * The number of notifications that a death must cause in theory, to check the measurement. It excludes
   * announcements, and the notification about the candidate's own znode, which only leaders and heirs watch.
   */
  notifications(death: Death): number;
}

export interface Death {
  /** Contenders alive before the death. */
  readonly contenders: number;
  /** The position of the dead contender in order of age: 0 is the leader. */
  readonly position: number;
}

/** The number of notifications that the next leader's announcement must cause after a death. */
export function announcements(scheme: Scheme, { contenders, position }: Death): number {
  return scheme.inherits === true && position === 0 && contenders > 2 ? 1 : 0;
}
