import type { Fault } from "./fault.ts";
import { onServers } from "./on-servers.ts";

/** Every server is restarted, as in an upgrade: the next one when the last one serves again. */
export const rollingRestart: Fault = {
  ...onServers,
  name: "rolling-restart",
  summary: "every server is restarted, one after the other",
  struck: () => "The servers are restarted, one after the other.",

  async strike([victim], { servers, record, healed }) {
    record(victim);
    for (const server of servers.all) {
      await servers.kill(server);
      await servers.mend();
    }
    healed();
  },
};
