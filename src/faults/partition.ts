import type { Fault } from "./fault.ts";
import { longerThanSession, onNetwork, outlastsSession } from "./on-network.ts";

/** The leader is cut off from the servers for twice its session timeout: nothing flows, and nobody is told. */
export const partition: Fault = {
  ...onNetwork,
  ...outlastsSession,
  name: "partition",
  summary: "the leader is cut off for twice its session timeout",
  struck: ([victim]) => `Candidate ${victim} is cut off from the servers until its session has expired.`,

  async strike([victim], context) {
    context.record(victim);
    const cut = await context.network.cut([victim], { forMs: longerThanSession(context) });
    void cut.ended.then(() => context.healed());
  },
};
