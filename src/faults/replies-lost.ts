import { onNetwork } from "./on-network.ts";
import { msOf } from "./span.ts";
import { tunable } from "./tuning.ts";
import { SOON_ENOUGH, unseatsNobody } from "./unseats-nobody.ts";

/**
 * What the servers send to the leader is lost for a while, and its requests still arrive. The leader stops when
 * its lease runs out, and nobody leads until it hears again.
 */
export const repliesLost = tunable(
  { for: { meaning: "how long they are lost", default: { timeouts: 0.5 }, ...SOON_ENOUGH } },
  ({ for: span }) => ({
    ...onNetwork,
    ...unseatsNobody,
    name: "replies-lost",
    summary: "answers to the leader are lost for half of its timeout",
    struck: ([victim]) => `The servers' answers to candidate ${victim} are lost, its requests arrive.`,

    async strike([victim], { network, timing, record, healed }) {
      record(victim);
      const lost = await network.lose([victim], { direction: "to-client", forMs: msOf(span, timing) });
      await lost.ended;
      healed();
    },
  }),
);
