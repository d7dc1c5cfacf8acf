import type { Fault } from "./fault.ts";
import { onServers } from "./on-servers.ts";

/** How long it stands still, in session timeouts. */
const PAST = 1.5;

/**
 * The server that the leader is connected to stands still for longer than the session timeout: its connections
 * stay up, and nothing answers. Sessions move to other servers before they expire.
 */
export const serverPause: Fault = {
  ...onServers,
  name: "server-pause",
  struck: (victim) => `The server of candidate ${victim} stands still.`,

  async strike(victim, { servers, serverOf, timing, record, pass, healed }) {
    const server = await serverOf(victim);
    record(victim);
    servers().pause(server);
    await pass(PAST * timing.sessionTimeoutMs);
    servers().resume(server);
    healed();
  },
};
