import type { StrikeContext } from "./fault.ts";
import type { Parameter } from "./parameter.ts";
import { msOf, type Span } from "./span.ts";

/** How long candidates go. */
export const going = {
  meaning: "how long candidates go",
  default: { timeouts: 2 },
  moreThan: { ms: 0 },
  atMost: { ms: 600_000 },
  because: "then all of them come back",
} as const satisfies Parameter<Span>;

/** How long a candidate is away on average, as a share of the time in which they go. */
const AWAY = 0.25;

/** The older half of the line. */
export function olderHalf(candidates: number): readonly [number, ...number[]] {
  return [0, ...Array.from({ length: Math.ceil(candidates / 2) - 1 }, (_, index) => index + 1)];
}

/**
 * Each victim goes and comes back at its own time, the first of them at once. Given their number, the times of
 * a Poisson process are independent and uniform; a candidate stays away for an exponential time, and at most
 * as long as they go.
 * @param go makes it go; settles when it may come back
 */
export async function atOwnTimes(
  victims: readonly number[],
  span: Span,
  { timing, random, pass, comeBack, healed }: StrikeContext,
  go: (victim: number) => Promise<void> | void,
): Promise<void> {
  const forMs = msOf(span, timing);
  const times = victims.map(() => ({
    goesMs: forMs * random(),
    awayMs: Math.min(forMs, -AWAY * forMs * Math.log(1 - random())),
  }));
  const turns = victims.map(async (victim, index) => {
    const { goesMs = 0, awayMs = 0 } = times[index] ?? {};
    // A failover begins with the first of them.
    if (index > 0) await pass(goesMs);
    await go(victim);
    await pass(awayMs);
    await comeBack([victim]);
  });
  await Promise.all(turns);
  healed();
}
