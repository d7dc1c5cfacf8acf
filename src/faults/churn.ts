import type { Parameter } from "./parameter.ts";
import { msOf, type Span } from "./span.ts";
import { tunable } from "./tuning.ts";

const lasting = {
  meaning: "how long candidates go",
  default: { timeouts: 2 },
  moreThan: { ms: 0 },
  atMost: { ms: 600_000 },
  because: "then all of them come back",
} as const satisfies Parameter<Span>;

/** How long a candidate is away on average, as a share of the time in which they go. */
const AWAY = 0.25;

/**
 * The older half of the candidates resigns and joins again, each once and at its own time, the leader first: as
 * when the instances of a service are replaced one by one, and nobody waits for the election to settle. So
 * others go while they lead, or while they are about to. The oldest leads all the time. Given their number,
 * the times of a Poisson process are independent and uniform; a candidate stays away for an exponential time,
 * and at most as long as they go.
 */
export const churn = tunable({ for: lasting }, ({ for: span }) => ({
  name: "churn",
  summary: "the older half resigns and joins again, each at its own time",
  needs: [
    { what: "candidates", fewest: 3, because: "some of them go, and one that stays has to wait for another" },
  ],
  positions: (candidates) => [
    0,
    ...Array.from({ length: Math.ceil(candidates / 2) - 1 }, (_, index) => index + 1),
  ],
  leader: "any",
  fallsSilent: false,
  victim: "joins-again",
  comeBack: "one-by-one",
  leavesBehind: "nobody",
  occasion: "churn",
  struck: (victims) => `Candidates ${victims.join(", ")} resign and join again, each at its own time.`,
  requestBytes: () => null,

  async strike(victims, { failover, timing, random, strike, pass, comeBack, healed }) {
    const forMs = msOf(span, timing);
    const times = victims.map(() => ({
      goesMs: forMs * random(),
      awayMs: Math.min(forMs, -AWAY * forMs * Math.log(1 - random())),
    }));
    const turns = victims.map(async (victim, index) => {
      const { goesMs = 0, awayMs = 0 } = times[index] ?? {};
      // The leader goes at once: a failover begins with that.
      if (index > 0) await pass(goesMs);
      strike(victim, { type: "resign", failover });
      await pass(awayMs);
      await comeBack([victim]);
    });
    await Promise.all(turns);
    healed();
  },
}));
