/** Versions of a counter, as ranges of consecutive ones: usually a single range, however many there are. */
export class Versions {
  /** The first and last of each range, ascending. */
  readonly #ranges: [first: number, last: number][] = [];

  get first(): number {
    return this.#ranges[0]?.[0] ?? Number.POSITIVE_INFINITY;
  }

  /** @returns whether it is new */
  add(version: number): boolean {
    const index = this.#ranges.findLastIndex(([first]) => first <= version);
    const before = this.#ranges[index];
    if (before !== undefined && version <= before[1]) return false;
    const after = this.#ranges[index + 1];
    const follows = before !== undefined && before[1] === version - 1;
    const precedes = after !== undefined && after[0] === version + 1;
    if (follows && precedes) {
      before[1] = after[1];
      this.#ranges.splice(index + 1, 1);
    } else if (follows) before[1] = version;
    else if (precedes) after[0] = version;
    else this.#ranges.splice(index + 1, 0, [version, version]);
    return true;
  }

  /** The highest version below another one. */
  below(version: number): number | undefined {
    const range = this.#ranges.findLast(([first]) => first < version);
    return range && Math.min(range[1], version - 1);
  }
}
