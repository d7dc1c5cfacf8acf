/**
 * The numbers of notifications that contenders cause which go and come back. When each one does is not known,
 * so these are bounds.
 */
import { announcementsOf, type CountRange, type Deaths, notificationsOf, type Scheme } from "./scheme.ts";

export interface TurnoverCounts {
  readonly notifications: CountRange;
  readonly announcements: CountRange;
}

/** Deaths without a return. */
export function countsOfDeaths(scheme: Scheme, deaths: Deaths): TurnoverCounts {
  return {
    notifications: notificationsOf(scheme, deaths),
    announcements: announcementsOf(scheme, deaths),
  };
}

/**
 * All come back when all have gone. Nobody goes any more, so nobody is told who watches a contender; whoever
 * watches the list is told of each contender that joins after its own. The one behind the leader is told of its
 * announcement, unless it looks when that is already there.
 */
export function countsOfReturn(scheme: Scheme, contenders: number): TurnoverCounts {
  const pairs = (contenders * (contenders - 1)) / 2;
  return {
    notifications: { least: 0, most: scheme.watchesChildren ? pairs : 0 },
    announcements: { least: 0, most: scheme.inherits === true && contenders > 1 ? 1 : 0 },
  };
}

/**
 * Contenders go one by one, each once, and come back behind all others meanwhile. Those that stay are told at
 * least what they are told if the same ones go in any order and do not come back: a contender that comes back
 * stands behind all that they watch. At most, each one that goes causes what the worst place causes, and leaves
 * a leader that announces itself; and each one that comes back is seen by all others that watch the list.
 */
export function countsOfChurn(scheme: Scheme, deaths: Deaths): TurnoverCounts {
  const { contenders, positions } = deaths;
  const places = Array.from({ length: contenders }, (_, position) => position);
  const worst = Math.max(
    ...places.map((position) => notificationsOf(scheme, { contenders, positions: [position] }).most),
  );
  const joins = scheme.watchesChildren ? contenders - 1 : 0;
  return {
    notifications: {
      least: notificationsOf(scheme, deaths).least,
      most: positions.length * (worst + joins),
    },
    announcements: { least: 0, most: scheme.inherits === true ? positions.length : 0 },
  };
}
