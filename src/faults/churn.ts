import { atOwnTimes, going, olderHalf } from "./at-own-times.ts";
import { tunable } from "./tuning.ts";

/**
 * The older half of the candidates resigns and joins again, each once and at its own time, the leader first: as
 * when the instances of a service are replaced one by one, and nobody waits for the election to settle. So
 * others go while they lead, or while they are about to. The oldest leads all the time.
 */
export const churn = tunable({ for: going }, ({ for: span }) => ({
  name: "churn",
  summary: "the older half resigns and joins again, each at its own time",
  needs: [
    { what: "candidates", fewest: 3, because: "some of them go, and one that stays has to wait for another" },
  ],
  positions: olderHalf,
  leader: "any",
  fallsSilent: false,
  victim: "joins-again",
  comeBack: "one-by-one",
  leavesBehind: "nobody",
  occasion: "churn",
  struck: (victims) => `Candidates ${victims.join(", ")} resign and join again, each at its own time.`,
  requestBytes: () => null,

  strike(victims, context) {
    const { failover, strike } = context;
    return atOwnTimes(victims, span, context, (victim) => strike(victim, { type: "resign", failover }));
  },
}));
