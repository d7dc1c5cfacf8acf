/** Wrong on purpose: claims whenever its watch fires, without looking who is before it. */
export const scheme = {
  name: "eager",
  watchesChildren: false,
  decide({ contenders, position, cause }) {
    const before = contenders[position - 1];
    if (before === undefined || cause === "notified") return { type: "lead" };
    return { type: "watch", contender: before };
  },
  notifications: ({ contenders, position }) => (position < contenders - 1 ? 1 : 0),
};
