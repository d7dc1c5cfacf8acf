import { freeze, standingStill, threads } from "./freeze.ts";
import { standsStillAlone } from "./own-thread.ts";
import type { Parameter } from "./parameter.ts";
import { msOf, type Span } from "./span.ts";
import { tunable } from "./tuning.ts";

const spread = {
  meaning: "the longest that one pauses before it joins",
  default: { timeouts: 1 },
  moreThan: { ms: 0 },
  atMost: { ms: 600_000 },
  because: "the pauses spread the joins",
} as const satisfies Parameter<Span>;

/**
 * Every candidate stands still until all sessions have expired, and all wake at the same time and join again,
 * each with a new session: as when the network between all of them and the servers was gone for too long.
 * Nobody is left to lead meanwhile, and afterwards the first one that stands in line does. As `rejoin` makes
 * services do, each pauses for a random time before it joins; the shorter that is, the more of a herd they are.
 * A failover lasts at least as long as they stand still, so what counts is how long they need to stand in line
 * again (`returnMs`), and what that costs the servers (`cpuMs`).
 */
export const herdReturn = tunable({ for: standingStill, within: spread }, ({ for: span, within }) => ({
  ...freeze,
  name: "herd-return",
  summary: "all sessions expire, and all candidates come back",
  needs: [
    threads,
    standsStillAlone,
    { what: "candidates", fewest: 2, because: "it strikes all of them, and one has to wait for another" },
  ],
  positions: (candidates) => [0, ...Array.from({ length: candidates - 1 }, (_, index) => index + 1)],
  leader: "any",
  victim: "joins-again",
  comeBack: "together",
  occasion: "return",
  struck: () => "All candidates stand still until their sessions expire, and come back.",

  async strike(victims, { failover, timing, random, strike, pass, comeBack }) {
    const ms = msOf(span, timing);
    for (const victim of victims) strike(victim, { type: "freeze", failover, ms });
    const pausesMs = victims.map(() => msOf(within, timing) * random());
    const returns = victims.map(async (victim, index) => {
      await pass(ms + (pausesMs[index] ?? 0));
      await comeBack([victim]);
    });
    await Promise.all(returns);
  },
}));
