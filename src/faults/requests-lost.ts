import { onNetwork, outlastingTime, outlastsSession } from "./on-network.ts";
import { msOf } from "./span.ts";
import { tunable } from "./tuning.ts";

/** What the leader sends is lost until its session expires; what the servers send still arrives. */
export const requestsLost = tunable({ for: outlastingTime }, ({ for: span }) => ({
  ...onNetwork,
  ...outlastsSession,
  name: "requests-lost",
  summary: "what the leader sends is lost until its session expires",
  struck: ([victim]) => `The requests of candidate ${victim} are lost until its session has expired.`,

  async strike([victim], { network, timing, record, healed }) {
    record(victim);
    const lost = await network.lose([victim], { direction: "to-server", forMs: msOf(span, timing) });
    void lost.ended.then(() => healed());
  },
}));
