/**
 * Chance from a seed: the same seed gives the same numbers. Mulberry32 is small and fast; nothing here needs
 * statistical quality.
 */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** The same items in another order. */
  shuffled<T>(items: Iterable<T>): T[] {
    const shuffled: T[] = [];
    for (const item of items) {
      const place = this.below(shuffled.length + 1);
      const moved = shuffled[place];
      if (moved !== undefined) shuffled.push(moved);
      shuffled[place] = item;
    }
    return shuffled;
  }

  /** A number from 0 up to, but excluding, 1. */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from 0 up to, but excluding, the limit. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }
}
