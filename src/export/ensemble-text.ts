/** What a person is told of the servers of a run: how they were set up, and which of them led. */
import { type AxisName, several, trialText } from "../history/conditions.ts";
import { listed } from "./listed.ts";
import type { Environment, Result, TrialResult } from "./result.ts";

/** "3 servers", or "1 and 3 servers" */
export function serverCount({ environment, trials }: Pick<Result, "environment" | "trials">): string {
  const counts = [...new Set(trials.map(({ servers }) => servers))].sort((a, b) => a - b);
  if (counts.length > 1) return `${listed(counts.map(String))} servers`;
  const [count = environment.server.servers] = counts;
  return count === 1 ? "1 server" : `${count} servers`;
}

/** What was asked for besides the usual, in a few words each. */
export function setUpParts({ server: { spread, jvmOptions, zooCfg } }: Environment): string[] {
  const unusual = spread === null || spread === "even" ? [] : [`candidates on ${onto[spread]}`];
  return [...unusual, ...jvmOptions, ...zooCfg];
}

const onto = { leader: "the servers' leader", followers: "followers" } as const;

/**
 * A sentence for each number of servers on which one leader served all trials, and for each trial in which the
 * leader changed.
 */
export function ensembleSentences(trials: readonly TrialResult[], told: readonly AxisName[]): string[] {
  const sentences = new Set<string>();
  for (const { ensemble, servers } of trials) {
    if (ensemble === null) continue;
    const alike = trials.filter((trial) => trial.servers === servers);
    const who = ensemble.leader === null ? "had no leader" : `were led by server ${ensemble.leader}`;
    const shares = several(alike, "candidates")
      ? ""
      : `, and served ${listed(ensemble.candidatesPerServer.map(String))} candidates`;
    sentences.add(`The ${servers} servers ${who}${shares}.`);
  }
  const changes = trials.flatMap((trial) => {
    const texts = (trial.ensemble?.leaderChanges ?? []).map(({ failover, leader }) => {
      const when = failover === 0 ? "before the first failover" : `after failover ${failover}`;
      return `${leader === null ? "none" : `server ${leader}`} ${when}`;
    });
    return texts.length === 0
      ? []
      : `${trialText(trial, told)}: another server led the servers: ${texts.join(", ")}.`;
  });
  return [...sentences, ...changes];
}
