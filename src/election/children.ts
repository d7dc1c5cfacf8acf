import { type KnownScheme, survivorsOf } from "./scheme.ts";

/** Watches the child list of the election. This is common in the wild; every join and every leave wakes all. */
export const children: KnownScheme = {
  name: "children",
  watches: "the list of all contenders",
  called: "watching the child list",
  watchesChildren: true,

  decide({ position }) {
    return position === 0 ? { type: "lead" } : { type: "watch-children" };
  },

  // The leader does not wait: it sets no new watch after its last one has fired.
  notifications: ({ contenders, position }) => (position === 0 ? contenders - 1 : contenders - 2),

  /**
   * Every survivor that waits is told of the first end. It is told of each further one that comes after it has
   * looked again; those that come before are in the list that it gets.
   */
  notificationsOfSeveral(deaths) {
    const survivors = survivorsOf(deaths);
    const waiting = survivors.filter((position) => position > 0).length;
    return { least: waiting, most: waiting * deaths.positions.length };
  },
};
