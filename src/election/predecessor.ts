import { type KnownScheme, survivorsOf } from "./scheme.ts";

/**
 * Watches the contender just before its own, so a death wakes one candidate. Source: ZooKeeper Recipes and
 * Solutions, "Leader Election".
 */
export const predecessor: KnownScheme = {
  name: "predecessor",
  watches: "the contender just before it",
  called: "watching the predecessor",
  watchesChildren: false,
  watchesPredecessor: true,

  decide(view) {
    const before = view.position === 0 ? undefined : view.contenders[view.position - 1];
    return before === undefined ? { type: "lead" } : { type: "watch", contender: before };
  },

  notifications: ({ contenders, position }) => (position < contenders - 1 ? 1 : 0),

  /**
   * Each survivor waits for the nearest contender before it, so the dead ones directly before it concern it,
   * and no other. It is told of the nearest one, whenever that goes. If they go from the nearest one on, and
   * the survivor looks in between, it is told of each; if the nearest one goes last, the others have gone
   * unseen.
   */
  notificationsOfSeveral(deaths) {
    const survivors = survivorsOf(deaths);
    const runs = survivors.map((position, index) => position - (survivors[index - 1] ?? -1) - 1);
    return {
      least: runs.filter((dead) => dead > 0).length,
      most: runs.reduce((sum, dead) => sum + dead, 0),
    };
  },
};
