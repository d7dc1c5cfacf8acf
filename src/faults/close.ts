import type { Fault } from "./fault.ts";

/** The leader closes its session, as a service does that shuts down. */
export const close: Fault = {
  name: "close",
  unseatsLeader: true,
  position: () => 0,
  removalMs: () => 0,

  async strike(victim, { failover, command }) {
    await command(victim, { type: "close", failover });
    return { recovered: Promise.resolve() };
  },
};
