import type { Fault } from "./fault.ts";
import { onNetwork } from "./on-network.ts";
import { unseatsNobody } from "./unseats-nobody.ts";

/**
 * What the servers send to the leader is lost for half of its session timeout, and its requests still arrive.
 * The leader stops when its lease runs out, and nobody leads until it hears again. It must not last longer: a
 * client that hears nothing gives up after two thirds of the timeout and connects again, and whether that keeps
 * its session alive is uncertain.
 */
export const repliesLost: Fault = {
  ...onNetwork,
  ...unseatsNobody,
  name: "replies-lost",
  summary: "answers to the leader are lost for half of its timeout",
  struck: ([victim]) => `The servers' answers to candidate ${victim} are lost, its requests arrive.`,

  async strike([victim], { network, timing, record, healed }) {
    record(victim);
    const forMs = timing.sessionTimeoutMs / 2;
    const lost = await network.lose([victim], { direction: "to-client", forMs });
    await lost.ended;
    healed();
  },
};
