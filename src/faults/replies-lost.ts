import type { Fault } from "./fault.ts";
import { onNetwork, unseatsNobody } from "./on-network.ts";

/**
 * What the servers send to the leader is lost for one session timeout, and its requests still arrive. The
 * client gives up after two thirds of the timeout and connects again, and that request keeps its session alive
 * (`ZooKeeperServer.reopenSession`). The leader stops when its lease runs out, and nobody leads until it hears
 * again. It must not last longer: a client with one server tries again only once in a session timeout, so the
 * session might end or not.
 */
export const repliesLost: Fault = {
  ...onNetwork,
  ...unseatsNobody,
  name: "replies-lost",
  struck: (victim) => `The servers' answers to candidate ${victim} are lost, its requests arrive.`,

  async strike(victim, { network, timing, record, healed }) {
    record(victim);
    const lost = await network.lose([victim], { direction: "to-client", forMs: timing.sessionTimeoutMs });
    await lost.ended;
    healed();
  },
};
