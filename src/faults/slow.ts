import { threads } from "./freeze.ts";
import { lasting } from "./lasting.ts";
import { standsStillAlone } from "./own-thread.ts";
import { msOf, spanWords } from "./span.ts";
import { tunable } from "./tuning.ts";
import { unseatsNobody } from "./unseats-nobody.ts";

/** How often in a session timeout its thread stands still and goes on. */
const SLICES = 20;

/**
 * The leader's thread gets a part of the processor only, as on a machine that others use up. It hears from the
 * servers in time, so it keeps its session, and leads as long as its lease says.
 */
export const slow = tunable(
  {
    at: {
      meaning: "its share of the processor",
      default: 10,
      moreThan: 0,
      atMost: 90,
      because: "it has to work, and to be slow",
    },
    for: lasting("how long it is slow", 2),
  },
  ({ at, for: span }) => ({
    ...unseatsNobody,
    name: "slow",
    summary: "the leader's thread gets a tenth of the processor",
    needs: [threads, standsStillAlone],
    struck: ([victim]) =>
      `The thread of candidate ${victim} gets ${at} % of the processor for ${spanWords(span)}.`,

    async strike([victim], { failover, timing, strike, pass, healed }) {
      const forMs = msOf(span, timing);
      const slices = Math.max(1, Math.round((SLICES * forMs) / timing.sessionTimeoutMs));
      strike(victim, { type: "slow", failover, forMs, share: at / 100, slices });
      await pass(forMs);
      healed();
    },
  }),
);
