import type { Fault } from "./fault.ts";
import { processes } from "./kill.ts";
import { onLeader } from "./on-leader.ts";

/**
 * All processes are asked to end and started anew, one after the other, as a rolling deployment does: the
 * leader first, the others in any order. Each one closes its session when it gets SIGTERM, and the next one
 * goes when its successor stands in line. So leadership moves whenever the turn comes to whoever leads by then.
 */
export const deploy: Fault = {
  ...onLeader,
  name: "deploy",
  summary: "all processes end and are started anew, one by one",
  needs: [processes, { what: "candidates", fewest: 2, because: "one has to lead while another is away" }],
  positions: (candidates) => [0, ...Array.from({ length: candidates - 1 }, (_, index) => index + 1)],
  leader: "any",
  victim: "joins-again",
  comeBack: "one-by-one",
  occasion: "deployment",
  struck: () => "All processes end when they get SIGTERM, and are started anew, one by one.",

  async strike([leader, ...others], { failover, random, strike, comeBack, healed }) {
    const order = others.map((victim) => ({ victim, place: random() })).sort((a, b) => a.place - b.place);
    for (const victim of [leader, ...order.map((one) => one.victim)]) {
      strike(victim, { type: "signal", failover, signal: "SIGTERM", whole: false });
      await comeBack([victim]);
    }
    healed();
  },
};
