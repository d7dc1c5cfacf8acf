import type { Scheme } from "./scheme.ts";

/** Watches the leader's znode. This makes a herd: the leader's death wakes everybody. */
export const leader: Scheme = {
  name: "leader",
  watchesChildren: false,

  decide({ contenders: [oldest], position }) {
    return position === 0 || oldest === undefined ? { type: "lead" } : { type: "watch", contender: oldest };
  },

  notifications: ({ contenders, position }) => (position === 0 ? contenders - 1 : 0),
};
