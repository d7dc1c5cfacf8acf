/** What a person is told of the servers of a run: how they were set up, and which of them led. */
import { type AxisName, trialText } from "../history/conditions.ts";
import type { EnsembleRecord } from "../history/own-servers.ts";
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

/** A sentence for each ensemble, and one for each trial in which its leader changed. */
export function ensembleSentences(trials: readonly TrialResult[], told: readonly AxisName[]): string[] {
  const sizes = [...new Set(trials.map(({ servers }) => servers))];
  const sentences = sizes.flatMap((size) => {
    const records = trials.flatMap(({ servers, ensemble }) => (servers === size ? (ensemble ?? []) : []));
    if (records.length === 0) return [];
    const leaders = distinct(records.map(({ leader }) => serverText(leader)));
    const shares = distinct(
      records.flatMap(({ candidatesPerServer }) =>
        candidatesPerServer === null ? [] : listed(candidatesPerServer.map(String)),
      ),
    );
    const served = shares.length === 1 ? `, and served ${shares[0]} candidates` : "";
    return `The ${size} servers were led by ${leaders.join(", then ")}${served}.`;
  });
  const changes = trials.flatMap((trial) => {
    const texts = (trial.ensemble?.leaderChanges ?? []).map(({ failover, leader }) => {
      const when = failover === 0 ? "before failover 1" : `after failover ${failover}`;
      return `${serverText(leader)} ${when}`;
    });
    return texts.length === 0
      ? []
      : `${trialText(trial, told)}: the servers' leader became ${texts.join(", ")}.`;
  });
  return [...sentences, ...changes];
}

/** Changes that are told one by one; more are only counted. */
const TOLD = 3;

/** "server 3, then server 2": who led the servers of a trial; `null` if that is not known. */
export function leadersText(record: EnsembleRecord | null): string | null {
  if (record === null) return null;
  const [first, changes] = [serverText(record.leader), record.leaderChanges];
  if (changes.length > TOLD) return `${first}, then ${changes.length} changes`;
  return [first, ...changes.map(({ leader }) => serverText(leader))].join(", then ");
}

function serverText(leader: number | null): string {
  return leader === null ? "nobody" : `server ${leader}`;
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
