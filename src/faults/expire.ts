import type { Fault } from "./fault.ts";

/**
 * The leader's session is ended from outside: another client takes it over and closes it, as ZooKeeper's own
 * tests do. The time counts from the take-over, which costs 2 to 3 ms.
 */
export const expire: Fault = {
  name: "expire",
  unseatsLeader: true,
  position: () => 0,
  removalMs: () => 0,

  async strike(victim, { mark, kill }) {
    mark(victim);
    await kill(victim);
  },
};
