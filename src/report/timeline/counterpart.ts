/** Which trial to show below another: one under the same conditions, and of those the one that differs most. */
import { sameConditions } from "../../history/conditions.ts";
import type { History } from "../../history/history.ts";

type Told = Pick<History, "header" | "strikes">;

/** The others that ran under the same conditions, in their order. */
export function comparableWith<T>(trials: readonly T[], one: T, of: (trial: T) => Told): T[] {
  return trials.filter((other) => other !== one && sameConditions(of(other).header, of(one).header));
}

/** The one that by its scheme's rule wakes the most more or fewer; `undefined` if all have one scheme. */
export function counterpartOf<T>(trials: readonly T[], one: T, of: (trial: T) => Told): T | undefined {
  const difference = (other: T) => Math.abs(wokenIn(of(other)) - wokenIn(of(one)));
  return comparableWith(trials, one, of)
    .filter((other) => of(other).header.scheme !== of(one).header.scheme)
    .toSorted((a, b) => difference(b) - difference(a))[0];
}

function wokenIn({ strikes }: Told): number {
  return strikes[0]?.expects.notifications ?? 0;
}
