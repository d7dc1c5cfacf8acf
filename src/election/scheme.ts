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
   * Whether {@link decide} has everybody who does not lead watch the contender just before it. Only then can
   * candidates join by number, without a list: see by-number.ts.
   * @default false
   */
  readonly watchesPredecessor?: boolean;
  /**
   * Whether a leader announces its term in its znode, and the contender that watches it claims as soon as that
   * znode is gone, without another look: correct only if {@link decide} has it watch the one just before it.
   * @default false
   */
  readonly inherits?: boolean;
  /**
   * Whether it is a program's own, so that its rule is not known: then nobody asks for it.
   * @default false
   */
  readonly isOpaque?: boolean;
  /** What to do, given the view. A pure function. */
  decide(view: View): Decision;
  /**
   * The number of notifications that a death must cause in theory, to check the measurement. It excludes
   * announcements, and the notification about the candidate's own znode, which only leaders and heirs watch.
   */
  notifications(death: Death): number;
  /**
   * The same of several deaths within one failover, for those that live on. The order in which the contenders
   * go is not known, so this says what is certain.
   * @default nothing is
   */
  notificationsOfSeveral?(deaths: Deaths): CountRange;
}

/** A scheme of the lab's own, with its words. */
export interface KnownScheme extends Scheme {
  /** What a contender that waits watches, in at most eight words. */
  readonly watches: string;
  /** The subject of a sentence about it. */
  readonly called: string;
}

export interface Death {
  /** Contenders alive before the death. */
  readonly contenders: number;
  /** The position of the dead contender in order of age: 0 is the leader. */
  readonly position: number;
}

/** Contenders that die within one failover. */
export interface Deaths {
  /** Contenders alive before. */
  readonly contenders: number;
  /** The positions of the dead ones in order of age. */
  readonly positions: readonly [number, ...number[]];
}

/** A count that is certain only within bounds, which it may reach. */
export interface CountRange {
  readonly least: number;
  readonly most: number;
}

/** The number of notifications that deaths must cause by the scheme's own rule. */
export function notificationsOf(scheme: Scheme, deaths: Deaths): CountRange {
  const {
    contenders,
    positions: [position, ...more],
  } = deaths;
  const anything = { least: 0, most: Number.POSITIVE_INFINITY };
  if (scheme.isOpaque === true) return anything;
  if (more.length > 0) return scheme.notificationsOfSeveral?.(deaths) ?? anything;
  const count = scheme.notifications({ contenders, position });
  return { least: count, most: count };
}

/** The number of notifications that the next leader's announcement must cause after deaths. */
export function announcementsOf(scheme: Scheme, { contenders, positions }: Deaths): CountRange {
  const [next, heir] = survivorsOf({ contenders, positions });
  const nobody = scheme.inherits !== true || !positions.includes(0);
  if (nobody || next === undefined || heir === undefined) return { least: 0, most: 0 };
  // If others die between the two, the heir may look only when the announcement is there: then it reads it.
  return { least: heir === next + 1 ? 1 : 0, most: 1 };
}

/** The positions of those that live on, in order of age. */
export function survivorsOf({ contenders, positions }: Deaths): number[] {
  const dead = new Set(positions);
  return Array.from({ length: contenders }, (_, position) => position).filter(
    (position) => !dead.has(position),
  );
}
