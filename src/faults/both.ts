import { freeze, standingStill, threads } from "./freeze.ts";
import { threeServers } from "./on-servers.ts";
import { standsStillAlone } from "./own-thread.ts";
import { msOf } from "./span.ts";
import { tunable } from "./tuning.ts";

/**
 * The server that leads the ensemble dies, and the elected leader falls silent at once. The next candidate has
 * to wait until the servers have elected a leader of their own, which gives the dead leader's session its whole
 * timeout anew.
 */
export const both = tunable(
  { for: { ...standingStill, default: { timeouts: 2, ticks: 1 } } },
  ({ for: span }) => ({
    ...freeze,
    name: "both",
    summary: "quorum-leader-kill, while the elected leader stands still",
    happens: "the leader stands still while the servers lose theirs",
    needs: [threads, standsStillAlone, threeServers],
    serversElect: true,
    struck: ([victim]) =>
      `Candidate ${victim} stands still, and the server that leads the ensemble is killed.`,
    requestBytes: () => null,

    async strike([victim], { failover, timing, servers, strike }) {
      const server = await servers.leading();
      strike(victim, { type: "freeze", failover, ms: msOf(span, timing) });
      await servers.kill(server);
    },
  }),
);
