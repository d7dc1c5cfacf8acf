import type { Fault } from "./fault.ts";
import { onServers } from "./on-servers.ts";

/**
 * The server that leads the ensemble dies. The others elect another one, which gives every session its whole
 * timeout anew (`LeaderSessionTracker`), so nobody's session ends.
 */
export const quorumLeaderKill: Fault = {
  ...onServers,
  name: "quorum-leader-kill",
  summary: "the server that leads the ensemble is killed",
  struck: () => "The server that leads the ensemble is killed.",

  async strike([victim], { servers, record }) {
    const server = await servers.leading();
    record(victim);
    await servers.kill(server);
  },
};
