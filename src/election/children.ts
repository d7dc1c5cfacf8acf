import type { Scheme } from "./scheme.ts";

/** Watches the child list of the election: common in the wild, and woken by every join and every leave. */
export const children: Scheme = {
  name: "children",
  watchesChildren: true,

  decide({ position }) {
    return position === 0 ? { type: "lead" } : { type: "watch-children" };
  },

  // The leader does not wait: it sets no new watch when its last one has fired.
  notifications: ({ contenders, position }) => (position === 0 ? contenders - 1 : contenders - 2),
};
