import { atOwnTimes, going, olderHalf } from "./at-own-times.ts";
import { processes } from "./kill.ts";
import { tunable } from "./tuning.ts";

/**
 * The processes of the older half are killed, each at its own time, the leader's first, whether they lead by
 * then, are about to, or wait. Each is started anew some time after the ensemble has removed its contender:
 * when its session has expired, or at once if it has left a will.
 */
export const crashes = tunable({ for: going }, ({ for: span }) => ({
  name: "crashes",
  summary: "the older half's processes die and come back at random times",
  needs: [
    processes,
    {
      what: "candidates",
      fewest: 3,
      because: "some of them die, and one that lives has to wait for another",
    },
  ],
  positions: olderHalf,
  leader: "any",
  fallsSilent: true,
  endsProcess: true,
  victim: "joins-again",
  comeBack: "one-by-one",
  leavesBehind: "nobody",
  occasion: "wave of crashes",
  struck: (victims) =>
    `The processes of candidates ${victims.join(", ")} are killed and started anew, each at its own time.`,
  requestBytes: () => null,

  strike(victims, context) {
    const { failover, strike, gone } = context;
    return atOwnTimes(victims, span, context, async (victim) => {
      strike(victim, { type: "signal", failover, signal: "SIGKILL", whole: false });
      await gone(victim);
    });
  },
}));
