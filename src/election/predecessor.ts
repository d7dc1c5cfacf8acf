import type { Scheme } from "./scheme.ts";

/**
 * Watches the contender just before its own, so a death wakes one candidate. Source: ZooKeeper Recipes and
 * Solutions, "Leader Election".
 */
export const predecessor: Scheme = {
  name: "predecessor",
  watchesChildren: false,

  decide({ contenders, position }) {
    const before = contenders[position - 1];
    return before === undefined ? { type: "lead" } : { type: "watch", contender: before };
  },

  notifications: ({ contenders, position }) => (position < contenders - 1 ? 1 : 0),
};
