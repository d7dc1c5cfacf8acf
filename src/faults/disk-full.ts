import type { Fault } from "./fault.ts";
import { followerFor, onServers, threeServers } from "./on-servers.ts";

/** More than a block, and less than the coordinator's session may send at once. */
const WRITE_BYTES = 16_384;
/** A server has to fail at its next write, and to notice. */
const STOPS_WITHIN_MS = 10_000;

/**
 * The disk of the server that the leader is connected to, or of another one if that leads the ensemble, is
 * full: the server cannot write its log any more and stops serving. The others go on, and its sessions move to
 * them. After a session timeout it comes back with room and its data.
 *
 * It strikes a server that follows, since what it tries is whether the elected leader's session moves in time
 * while the ensemble goes on. When the ensemble's leader stops, the servers elect another one as well, and that
 * is what `quorum-leader-kill` tries.
 */
export const diskFull: Fault = {
  ...onServers,
  name: "disk-full",
  summary: "the disk of a server that follows is full, so it stops",
  needs: [threeServers, { what: "disk" }],
  struck: () => "The disk of a server that follows the ensemble's leader is full.",

  async strike([victim], context) {
    const { servers, timing, record, write, pass, healed } = context;
    const follower = await followerFor(victim, context);
    record(victim);
    await servers.fillDisk(follower);
    await servers.untilSilent(follower, STOPS_WITHIN_MS, () => write(WRITE_BYTES));
    await pass(timing.sessionTimeoutMs);
    await servers.mend();
    healed();
  },
};
