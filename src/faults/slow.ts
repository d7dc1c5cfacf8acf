import type { Fault } from "./fault.ts";
import { unseatsNobody } from "./unseats-nobody.ts";

/** How long it lasts, in session timeouts, and the share of the time in which the leader's thread works. */
const TIMEOUTS = 2;
const SHARE = 0.1;

/**
 * The leader's thread gets a tenth of the processor for two session timeouts, as on a machine that others use
 * up. It hears from the servers in time, so it keeps its session, and leads as long as its lease says.
 */
export const slow: Fault = {
  ...unseatsNobody,
  name: "slow",
  summary: "the leader's thread gets a tenth of the processor",
  needs: [],
  struck: ([victim]) => `The thread of candidate ${victim} gets a tenth of the processor.`,

  async strike([victim], { failover, timing, strike, pass, healed }) {
    const forMs = TIMEOUTS * timing.sessionTimeoutMs;
    strike(victim, { type: "slow", failover, forMs, share: SHARE });
    await pass(forMs);
    healed();
  },
};
