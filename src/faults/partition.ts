import { onNetwork, outlastingTime, outlastsSession } from "./on-network.ts";
import { msOf } from "./span.ts";
import { tunable } from "./tuning.ts";

/** The leader is cut off from the servers until its session has expired: nothing flows, and nobody is told. */
export const partition = tunable({ for: outlastingTime }, ({ for: span }) => ({
  ...onNetwork,
  ...outlastsSession,
  name: "partition",
  summary: "the leader is cut off for twice its session timeout",
  struck: ([victim]) => `Candidate ${victim} is cut off from the servers until its session has expired.`,

  async strike([victim], { network, timing, record, healed }) {
    record(victim);
    const cut = await network.cut([victim], { forMs: msOf(span, timing) });
    void cut.ended.then(() => healed());
  },
}));
