import type { Fault } from "./fault.ts";
import { onNetwork } from "./on-network.ts";
import { unseatsNobody } from "./unseats-nobody.ts";

/** The connection of the leader is cut, and heals when half of the session timeout has passed. */
export const cut: Fault = {
  ...onNetwork,
  ...unseatsNobody,
  name: "cut",
  summary: "the leader is cut off for half of its session timeout",
  struck: ([victim]) => `Candidate ${victim} is cut off from the servers for half of its session timeout.`,

  async strike([victim], { network, timing, record, healed }) {
    record(victim);
    const cut = await network.cut([victim], { forMs: timing.sessionTimeoutMs / 2 });
    await cut.ended;
    healed();
  },
};
