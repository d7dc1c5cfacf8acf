import type { Fault } from "./fault.ts";
import { onServers } from "./on-servers.ts";

/** The server that the leader is connected to dies and comes back with its data, as under a supervisor. */
export const serverRestart: Fault = {
  ...onServers,
  name: "server-restart",
  summary: "the leader's server is killed and comes back",
  struck: ([victim]) => `The server of candidate ${victim} is killed and started again.`,

  async strike([victim], { servers, serverOf, record, healed }) {
    const server = await serverOf(victim);
    record(victim);
    await servers.kill(server);
    await servers.mend();
    healed();
  },
};
