/**
 * A scheme says what a contender that does not lead watches: the only part in which elections differ here,
 * so that a difference measured between two schemes can only come from the scheme.
 */
import { children } from "./children.ts";
import type { Contender } from "./contenders.ts";
import { leader } from "./leader.ts";
import { predecessor } from "./predecessor.ts";

/** What a contender sees when it looks. */
export interface View {
  /** All contenders, the oldest first. */
  readonly contenders: readonly Contender[];
  /** Where the own one stands among them: at 0 nobody is before it. */
  readonly position: number;
  /** Why it looks. */
  readonly cause: LookCause;
}

/** It has joined, its watch has fired, what it wanted to watch was gone, or its session is connected again. */
export type LookCause = "joined" | "notified" | "vanished" | "reconnected";

export type Decision =
  | { readonly type: "lead" }
  | { readonly type: "watch"; readonly contender: Contender }
  /** The child list: the look itself has set the watch, see {@link Scheme.watchesChildren}. */
  | { readonly type: "watch-children" };

export interface Scheme {
  readonly name: string;
  /** Whether every look sets a watch on the child list of the election. */
  readonly watchesChildren: boolean;
  /** Pure: what to do, given what was seen. */
  decide(view: View): Decision;
  /** The notifications that a death must cause: by theory, for checking the measurement. */
  notifications(death: Death): number;
}

export interface Death {
  /** Contenders alive before the death. */
  readonly contenders: number;
  /** The position of the dead one in the order of age: 0 is the leader. */
  readonly position: number;
}

export const schemes = { predecessor, leader, children } as const satisfies Record<string, Scheme>;

export type SchemeName = keyof typeof schemes;

export const schemeNames = Object.keys(schemes) as SchemeName[];
