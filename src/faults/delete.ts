import type { Fault } from "./fault.ts";
import { onLeader } from "./on-leader.ts";

/**
 * An operator deletes the leader's contender, through the coordinator's own session. The leader's session lives
 * on: it is notified within a round trip, and joins again behind all others. Until then only a fence stops it.
 */
export const deletion: Fault = {
  ...onLeader,
  name: "delete",
  summary: "somebody else deletes the leader's znode",
  victim: "joins-again",
  leavesBehind: "an-old-leader",
  struck: ([victim]) => `The znode of candidate ${victim} is deleted by somebody else.`,

  async strike([victim], { contender, record, session }) {
    const znode = contender(victim);
    record(victim);
    await session.remove(znode);
  },
};
