import { onServers } from "./on-servers.ts";
import { msOf } from "./span.ts";
import { tunable } from "./tuning.ts";

/**
 * Most servers die, so that nobody serves, and come back with their data before a session could have expired:
 * sessions do not expire while nobody leads the ensemble. The leader acts no longer than its lease meanwhile.
 */
export const quorumLoss = tunable(
  {
    for: {
      meaning: "how long they stay away",
      default: { timeouts: 0.5 },
      moreThan: { ms: 0 },
      atMost: { timeouts: 1 },
      because: "the servers are to be back before a session could have expired",
    },
  },
  ({ for: span }) => ({
    ...onServers,
    name: "quorum-loss",
    summary: "most of the servers are killed and come back",
    struck: () => "Most of the servers are killed, and come back.",

    async strike([victim], { servers, timing, record, pass, healed }) {
      record(victim);
      const { all } = servers;
      await Promise.all(all.slice(0, Math.ceil(all.length / 2)).map((server) => servers.kill(server)));
      await pass(msOf(span, timing));
      await servers.mend();
      healed();
    },
  }),
);
