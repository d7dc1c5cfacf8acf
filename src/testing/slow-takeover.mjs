/** The predecessor scheme, except that a candidate thinks for five milliseconds before it leads. */
export const scheme = {
  name: "predecessor",
  watchesChildren: false,
  notifications: ({ contenders, position }) => (position < contenders - 1 ? 1 : 0),
  decide({ contenders, position }) {
    const before = contenders[position - 1];
    if (before !== undefined) return { type: "watch", contender: before };
    const until = performance.now() + 5;
    while (performance.now() < until);
    return { type: "lead" };
  },
};
