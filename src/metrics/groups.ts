/**
 * Groups things with the same key, in the order in which the keys first appeared. (`Map.groupBy` needs Node
 * 21.)
 */
export function groupsOf<T>(things: readonly T[], keyOf: (thing: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [thing]);
    else group.push(thing);
  }
  return [...groups.values()];
}
