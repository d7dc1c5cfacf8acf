import type { Scheme } from "./scheme.ts";

/** Watches the child list of the election. This is common in the wild; every join and every leave wakes all. */
export const children: Scheme = {
  name: "children",
  watchesChildren: true,

  decide({ position }) {
    return position === 0 ? { type: "lead" } : { type: "watch-children" };
  },

  // The leader does not wait: it sets no new watch after its last one has fired.
  notifications: ({ contenders, position }) => (position === 0 ? contenders - 1 : contenders - 2),
};
