import type { Fault } from "./fault.ts";
import { longerThanSession, onNetwork, outlastsSession } from "./on-network.ts";

/** What the leader sends is lost for twice its session timeout; what the servers send still arrives. */
export const requestsLost: Fault = {
  ...onNetwork,
  ...outlastsSession,
  name: "requests-lost",
  summary: "what the leader sends is lost until its session expires",
  struck: ([victim]) => `The requests of candidate ${victim} are lost until its session has expired.`,

  async strike([victim], context) {
    context.record(victim);
    const options = { direction: "to-server", forMs: longerThanSession(context) } as const;
    const lost = await context.network.lose([victim], options);
    void lost.ended.then(() => context.healed());
  },
};
