import type { Fault } from "./fault.ts";
import { freeze } from "./freeze.ts";
import { threeServers } from "./on-servers.ts";
import { removalMs } from "./outcome.ts";

/**
 * The server that leads the ensemble dies, and the elected leader falls silent at once. The next candidate has
 * to wait until the servers have elected a leader of their own, which gives the dead leader's session its whole
 * timeout anew.
 */
export const both: Fault = {
  ...freeze,
  name: "both",
  summary: "quorum-leader-kill, while the elected leader stands still",
  needs: [threeServers],
  serversElect: true,
  struck: ([victim]) => `Candidate ${victim} stands still, and the server that leads the ensemble is killed.`,
  requestBytes: () => null,

  async strike([victim], { failover, timing, servers, strike }) {
    const server = await servers.leading();
    const ms = timing.freezeForMs ?? removalMs(both, timing) + timing.sessionTimeoutMs;
    strike(victim, { type: "freeze", failover, ms });
    await servers.kill(server);
  },
};
