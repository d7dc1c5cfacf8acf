import { lasting } from "./lasting.ts";
import { followerFor, onServers } from "./on-servers.ts";
import { msOf } from "./span.ts";
import { tunable } from "./tuning.ts";

/**
 * The server that the leader is connected to, or another one if that leads the ensemble, stands still for
 * longer than the session timeout: its connections stay up, and nothing answers. Sessions move to other servers
 * before they expire.
 *
 * Not promised if the ensemble's leader stands still: then the others hang up on their clients as well, and a
 * client may need longer than its session timeout to find one that serves. It waits for a third of the timeout
 * at each server that accepts and does not answer, and once more when it has tried them all.
 */
export const serverPause = tunable(
  {
    for: lasting("how long it stands still", 1.5),
  },
  ({ for: span }) => ({
    ...onServers,
    name: "server-pause",
    summary: "a server that follows stands still beyond the timeout",
    struck: () => "A server that follows the ensemble's leader stands still.",

    async strike([victim], context) {
      const { servers, timing, record, pass, healed } = context;
      const follower = await followerFor(victim, context);
      record(victim);
      await servers.pause(follower);
      await pass(msOf(span, timing));
      await servers.resume(follower);
      healed();
    },
  }),
);
