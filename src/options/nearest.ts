/** Guesses what a mistyped name was meant to be. */

/**
 * The end of a message about an unknown name.
 * @param where the command that lists all names, such as `yarn lab --help`
 */
export function advice(meant: string | undefined, where: string): string {
  return meant === undefined ? `; see ${where}` : `; did you mean ${meant}? See ${where}`;
}

/** The nearest known name; none if no name is similar. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  const [best] = names
    .map((name) => ({
      name,
      distance: Math.min(distance(word, name), contains(name, word) ? limit : Number.POSITIVE_INFINITY),
    }))
    .filter((one) => one.distance <= limit)
    .sort((one, other) => one.distance - other.distance);
  return best?.name;
}

/** `timeout` is meant for `session-timeout`, but `a` for nothing. */
function contains(name: string, word: string): boolean {
  return word.length >= 4 && name.includes(word);
}

/**
 * The number of letters that are missing, extra, wrong, or swapped with a neighbour (optimal string alignment).
 */
function distance(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= one.length; row++) {
    rows[row] = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      rows[row]?.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (same ? 0 : 1),
          swapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return at(one.length, other.length);
}
