import type { Fault } from "./fault.ts";
import { onServers } from "./on-servers.ts";

/** The server that the leader is connected to dies at once. The leader's session moves to another server. */
export const serverKill: Fault = {
  ...onServers,
  name: "server-kill",
  summary: "the leader's server is killed",
  struck: ([victim]) => `The server of candidate ${victim} is killed.`,

  async strike([victim], { servers, serverOf, record }) {
    const server = await serverOf(victim);
    record(victim);
    await servers.kill(server);
  },
};
