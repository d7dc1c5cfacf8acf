import { freeze, standingStill, threads } from "./freeze.ts";
import { standsStillAlone } from "./own-thread.ts";
import type { Parameter } from "./parameter.ts";
import { msOf } from "./span.ts";
import { tunable } from "./tuning.ts";

const share = {
  meaning: "how many of the candidates",
  default: 33,
  moreThan: 0,
  atMost: 99,
  because: "at least two are struck, and at least one is left",
} as const satisfies Parameter<number>;

/**
 * A third of the candidates falls silent at once, at least two of them, as when a data centre loses its power:
 * no connection is closed, so the servers have to miss each session. The leader is among them, and so is the
 * candidate that waits behind it; the others are spread over the line. The oldest of those that are left leads.
 *
 * A server ends sessions that it misses in the same tick in any order, and the leader's after most others,
 * since it hears from the leader most often. So the number of notifications is certain only within bounds
 * (`notificationsOfSeveral` in election/scheme.ts). When the victims wake, they learn that their sessions have
 * expired, and join again behind all others.
 */
export const mass = tunable({ share, for: standingStill }, ({ share, for: span }) => ({
  ...freeze,
  name: "mass",
  summary: "a third of the candidates stands still, the leader among them",
  needs: [
    threads,
    standsStillAlone,
    {
      what: "candidates",
      fewest: 3,
      because: "it strikes the leader and the candidate behind it, and another one has to lead",
    },
  ],
  positions: (candidates) => placesOf(struckOf(candidates, share), candidates),
  occasion: "mass death",
  struck: (victims) => `Candidates ${victims.join(", ")} stand still until their sessions expire.`,

  async strike(victims, { failover, timing, strike }) {
    for (const victim of victims) strike(victim, { type: "freeze", failover, ms: msOf(span, timing) });
  },
}));

function struckOf(candidates: number, percent: number): number {
  return Math.max(2, Math.min(candidates - 1, Math.round((candidates * percent) / 100)));
}

/** The first two places, and so many others, evenly over the rest of the line, that at least one is left. */
function placesOf(count: number, candidates: number): readonly [number, ...number[]] {
  const others = Array.from({ length: count - 2 }, (_, index) => index + 1);
  return [0, 1, ...others.map((other) => 2 + Math.floor((other * (candidates - 2)) / (count - 1)))];
}
