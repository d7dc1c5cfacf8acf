import type { Fault } from "./fault.ts";
import { onServers } from "./on-servers.ts";

/**
 * Most servers die, so that nobody serves, and come back with their data before a session could have expired:
 * sessions do not expire while nobody leads the ensemble. The leader acts no longer than its lease meanwhile.
 */
export const quorumLoss: Fault = {
  ...onServers,
  name: "quorum-loss",
  summary: "most of the servers are killed and come back",
  struck: () => "Most of the servers are killed, and come back.",

  async strike([victim], { servers, timing, record, pass, healed }) {
    record(victim);
    const { all } = servers;
    await Promise.all(all.slice(0, Math.ceil(all.length / 2)).map((server) => servers.kill(server)));
    await pass(timing.sessionTimeoutMs / 2);
    await servers.mend();
    healed();
  },
};
