/** Wrong on purpose: orders by the whole name, which begins with a random guid. */
export const scheme = {
  name: "by-name",
  watchesChildren: false,
  decide({ contenders, position }) {
    const own = contenders[position].name;
    const before = contenders.filter(({ name }) => name < own).sort((a, b) => (a.name < b.name ? 1 : -1))[0];
    return before === undefined ? { type: "lead" } : { type: "watch", contender: before };
  },
  notifications: ({ contenders, position }) => (position < contenders - 1 ? 1 : 0),
};
