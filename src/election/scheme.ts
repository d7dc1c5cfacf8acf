/**
 * A scheme says what a contender that does not lead watches: the only part in which elections differ here,
 * so that a difference measured between two schemes can only come from the scheme.
 */
import type { Contender } from "./contenders.ts";

/** What a contender sees when it looks. */
export interface View {
  /** All contenders, the oldest first. */
  readonly contenders: readonly Contender[];
  /** Where the own one stands among them: at 0 nobody is before it. */
  readonly position: number;
  /** Why it looks. */
  readonly cause: LookCause;
}

/**
 * It has joined, its watch has fired, what it wanted to watch was gone, its session is connected again, or it
 * may lead no longer, or not yet, because its lease has run out.
 */
export type LookCause = "joined" | "notified" | "vanished" | "reconnected" | "lapsed";

export type Decision =
  | { readonly type: "lead" }
  | { readonly type: "watch"; readonly contender: Contender }
  /** The child list: the look itself has set the watch, see {@link Scheme.watchesChildren}. */
  | { readonly type: "watch-children" };

export interface Scheme {
  readonly name: string;
  /** Whether every look sets a watch on the child list of the election. */
  readonly watchesChildren: boolean;
  /**
   * Whether a leader announces its term in its znode, and the contender that watches a
   * leader's znode claims as soon as that is gone, without another look: only right where
   * {@link decide} has it watch the one just before it.
   * @default false
   */
  readonly inherits?: boolean;
  /** Pure: what to do, given what was seen. */
  decide(view: View): Decision;
  /**
   * The notifications that a death must cause, without those of announcements: by theory, for checking the
   * measurement. The one about the own znode, which only leaders and heirs watch, is not counted.
   */
  notifications(death: Death): number;
}

export interface Death {
  /** Contenders alive before the death. */
  readonly contenders: number;
  /** The position of the dead one in the order of age: 0 is the leader. */
  readonly position: number;
}

/** The notifications that the announcement of whoever leads after a death must cause. */
export function announcements(scheme: Scheme, { contenders, position }: Death): number {
  return scheme.inherits === true && position === 0 && contenders > 2 ? 1 : 0;
}
