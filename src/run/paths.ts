/** The paths between a trial's candidates and their servers: direct, or through the run's network. */
import type { Ensemble } from "../ensemble/ensemble.ts";
import { NO_DELAY, parseDelay } from "../history/delay.ts";
import { candidateLink, type Link } from "../network/network.ts";
import { parseConnect } from "../zookeeper/connect-string.ts";
import type { TrialPlan } from "./trial-plan.ts";

/** Whether there has to be a relay in these paths. */
export function needsNetwork({ delay, fault }: Pick<TrialPlan, "delay" | "fault">): boolean {
  return (
    delay !== NO_DELAY || fault.needs.some((need) => need.what === "network" && need.between === undefined)
  );
}

/** Whether there have to be relays between the run's own servers. */
export function needsServerRelays({ fault }: Pick<TrialPlan, "fault">): boolean {
  return fault.needs.some((need) => need.what === "network" && need.between === "servers");
}

/** A link for each candidate, to the servers in its own order, with the trial's delay. */
export function candidateLinks(
  { connectFor }: Ensemble,
  { candidates, delay }: Pick<TrialPlan, "candidates" | "delay">,
): Link[] {
  const { ms, jitterMs } = parseDelay(delay) ?? { ms: 0, jitterMs: 0 };
  return Array.from({ length: candidates }, (_, candidate) => ({
    id: candidateLink(candidate),
    targets: parseConnect(connectFor(candidate)).servers,
    always: ms === 0 ? [] : [{ type: "latency", ms, jitterMs }],
  }));
}
