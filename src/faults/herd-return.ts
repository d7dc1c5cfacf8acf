import { freeze, standingStill } from "./freeze.ts";
import { msOf } from "./span.ts";
import { tunable } from "./tuning.ts";

/**
 * Every candidate stands still until all sessions have expired, and all wake at the same time and join again,
 * each with a new session: as when the network between all of them and the servers was gone for too long.
 * Nobody is left to lead meanwhile, and afterwards the first one that stands in line does. A failover lasts at
 * least as long as they stand still, so what counts is how long they need to stand in line again (`returnMs`),
 * and what that costs the servers (`cpuMs`). They do not pause before they join, as `rejoin` lets services do:
 * this is the herd that the pause is for.
 */
export const herdReturn = tunable({ for: standingStill }, ({ for: span }) => ({
  ...freeze,
  name: "herd-return",
  summary: "all sessions expire, and all candidates come back at once",
  needs: [
    { what: "candidates", fewest: 2, because: "it strikes all of them, and one has to wait for another" },
  ],
  positions: (candidates) => [0, ...Array.from({ length: candidates - 1 }, (_, index) => index + 1)],
  leader: "any",
  victim: "joins-again",
  comeBack: "together",
  occasion: "return",
  struck: () => "All candidates stand still until their sessions expire, and come back at once.",

  async strike(victims, { failover, timing, strike, comeBack }) {
    for (const victim of victims) strike(victim, { type: "freeze", failover, ms: msOf(span, timing) });
    await comeBack(victims);
  },
}));
