import { type KnownScheme, survivorsOf } from "./scheme.ts";

/** Watches the leader's znode. This makes a herd: the leader's death wakes everybody. */
export const leader: KnownScheme = {
  name: "leader",
  watches: "the leader",
  called: "watching the leader",
  watchesChildren: false,

  decide({ contenders: [oldest], position }) {
    return position === 0 || oldest === undefined ? { type: "lead" } : { type: "watch", contender: oldest };
  },

  notifications: ({ contenders, position }) => (position === 0 ? contenders - 1 : 0),

  /**
   * Every survivor waits for the oldest contender, so only the dead ones before all survivors concern it. It
   * is told of the leader's end. If it looks while others of these still stand, it waits for the oldest of
   * them, and is told of that one's end as well.
   */
  notificationsOfSeveral(deaths) {
    const survivors = survivorsOf(deaths);
    const [oldest = 0] = survivors;
    return { least: oldest > 0 ? survivors.length : 0, most: oldest * survivors.length };
  },
};
