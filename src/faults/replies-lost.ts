import type { Fault } from "./fault.ts";
import { longerThanSession, onNetwork, unseatsNobody } from "./on-network.ts";

/**
 * What the servers send to the leader is lost for twice its session timeout, and its requests still arrive. The
 * client hears nothing and connects again and again; each attempt reaches a server, which keeps the session
 * alive (`ZooKeeperServer.reopenSession`). So the leader stops when its lease runs out, and nobody leads until
 * it hears again.
 */
export const repliesLost: Fault = {
  ...onNetwork,
  ...unseatsNobody,
  name: "replies-lost",
  struck: (victim) => `The servers' answers to candidate ${victim} are lost, its requests arrive.`,

  async strike(victim, context) {
    context.record(victim);
    const options = { direction: "to-client", forMs: longerThanSession(context) } as const;
    const lost = await context.network.lose([victim], options);
    await lost.ended;
    context.healed();
  },
};
