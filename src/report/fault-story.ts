/** What a fault led to, where that is more than the time of a failover: it follows from what had to happen. */
import { listed } from "../export/listed.ts";
import type { Result, TrialResult } from "../export/result.ts";
import { faultNamed } from "../faults/faults.ts";
import { happening } from "../faults/happening.ts";
import { sameConditions } from "../history/conditions.ts";
import { largestOf } from "./largest-trial.ts";
import { difference, strongest } from "./scheme-difference.ts";
import { count, milliseconds, plural } from "./wording.ts";

/** Told of the most candidates; `null` if the next one leads as soon as the servers know. */
export function faultStory(result: Result): string | null {
  const first = largestOf(result.trials);
  if (first === undefined) return null;
  return afterSilence(first, result) ?? unmoved(first, result) ?? differing(first, result);
}

/**
 * The story of a leader that falls silent: how long the servers waited for it, how long two believed that they
 * lead, and what the old one still wrote. `null` for a fault that the servers are told of.
 */
function afterSilence(first: TrialResult, { trials, analysis }: Result): string | null {
  const { silentMs = null, leader = null } = first.expects ?? {};
  const after = first.summary.failoverMs?.p50;
  if (after === undefined || !silentMs || leader !== "next") return null;
  const { candidates, fault, summary } = first;
  const next = `the next of ${plural(candidates, "candidate")} leads after ${seconds(after)}`;
  const story = `${happening(fault)}: ${next}, of which ${seconds(silentMs)} are the session timeout`;
  const alike = trials.filter((trial) => sameConditions(trial, first));
  const overlapMs = summary.overlapMs?.p50 ?? 0;
  const two = overlapMs === 0 ? [] : [`for ${seconds(overlapMs)} two believe that they lead`];
  const told = strongest(
    analysis.comparisons.filter(
      (one) =>
        one.measure === "failoverMs" &&
        one.conclusion !== "no difference shown" &&
        sameConditions(one, first),
    ),
  );
  const costs = told === undefined ? [] : [difference(told, trials)];
  return [story, ...two, ...staleWritesOf(alike), ...costs].join("; ");
}

/** The story of a leader that nobody unseats. `null` for a fault after which another one has to lead. */
function unmoved(first: TrialResult, { trials }: Result): string | null {
  if (first.expects?.leader !== "same") return null;
  const alike = trials.filter((trial) => sameConditions(trial, first));
  const gapMs = first.summary.gapMs?.p50 ?? 0;
  const gap = gapMs === 0 ? [] : [`for ${seconds(gapMs)} nobody can act as the leader`];
  const goesOn = `${happening(first.fault)}: the same one of ${plural(first.candidates, "candidate")} leads on`;
  return [goesOn, ...gap, wokenUnder(alike)].join("; ");
}

/** The story of strikes that had to lead to different things: no time stands for all of them. */
function differing(first: TrialResult, { trials }: Result): string | null {
  const { expects, failovers, fault } = first;
  const isSure = faultNamed(fault)?.fallsSilent !== "perhaps";
  if (expects !== null || isSure || failovers.length < 2) return null;
  const alike = trials.filter((trial) => sameConditions(trial, first));
  return `${happening(fault)}, ${failovers.length} times; on average, ${wokenUnder(alike)}`;
}

function wokenUnder(trials: readonly TrialResult[]): string {
  const known = trials.flatMap(({ scheme, summary: { notificationsPerFailover: woken } }) =>
    woken === null ? [] : { scheme, woken },
  );
  if (known.every(({ woken }) => woken === 0)) return "nobody is woken";
  return `woken are ${listed(known.map(({ scheme, woken }) => `${count(woken)} under ${scheme}`))}`;
}

/** Nobody knows of any if there was no counter. */
function staleWritesOf(trials: readonly TrialResult[]): string[] {
  const writes = trials.flatMap(({ summary }) => summary.staleWrites ?? []);
  const attempted = writes.reduce((sum, one) => sum + one.attempted, 0);
  const accepted = writes.reduce((sum, one) => sum + one.accepted, 0);
  if (attempted === 0) return [];
  return trials.every(({ counter }) => counter === "unguarded")
    ? [`${count(accepted)} of ${plural(attempted, "late write")} did harm`]
    : [
        `the fence let ${accepted === 0 ? "none" : count(accepted)} of ${plural(attempted, "late write")} do harm`,
      ];
}

/** A time as it is told. */
function seconds(ms: number): string {
  return ms < 1000 ? `${milliseconds(ms)} ms` : `${Number((ms / 1000).toFixed(2))} s`;
}
