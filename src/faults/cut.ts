import { onNetwork } from "./on-network.ts";
import { msOf, spanWords } from "./span.ts";
import { tunable } from "./tuning.ts";
import { SOON_ENOUGH, unseatsNobody } from "./unseats-nobody.ts";

/** The connection of the leader is cut, and heals before its session could expire. */
export const cut = tunable(
  { for: { meaning: "how long it is cut off", default: { timeouts: 0.5 }, ...SOON_ENOUGH } },
  ({ for: span }) => ({
    ...onNetwork,
    ...unseatsNobody,
    name: "cut",
    summary: "the leader is cut off for half of its session timeout",
    struck: ([victim]) => `Candidate ${victim} is cut off from the servers for ${spanWords(span)}.`,

    async strike([victim], { network, timing, record, healed }) {
      record(victim);
      const cut = await network.cut([victim], { forMs: msOf(span, timing) });
      await cut.ended;
      healed();
    },
  }),
);
