import type { Outcome } from "../history/strike.ts";
import { both } from "./both.ts";
import { byHand, serversByHand } from "./by-hand.ts";
import { churn } from "./churn.ts";
import { close } from "./close.ts";
import { crashes } from "./crashes.ts";
import { cut } from "./cut.ts";
import { deletion } from "./delete.ts";
import { deploy } from "./deploy.ts";
import { diskFull } from "./disk-full.ts";
import { expire } from "./expire.ts";
import type { Fault } from "./fault.ts";
import { follower } from "./follower.ts";
import { freeze } from "./freeze.ts";
import { herdReturn } from "./herd-return.ts";
import { isolatedLeader } from "./isolated-leader.ts";
import { kill } from "./kill.ts";
import { killGroup } from "./kill-group.ts";
import { mass } from "./mass.ts";
import { outcomeOf } from "./outcome.ts";
import { partition } from "./partition.ts";
import { pause } from "./pause.ts";
import { quorumLeaderKill } from "./quorum-leader-kill.ts";
import { quorumLoss } from "./quorum-loss.ts";
import { repliesLost } from "./replies-lost.ts";
import { requestsLost } from "./requests-lost.ts";
import { resign } from "./resign.ts";
import { rollingRestart } from "./rolling-restart.ts";
import { serverKill } from "./server-kill.ts";
import { serverPause } from "./server-pause.ts";
import { serverRestart } from "./server-restart.ts";
import { slow } from "./slow.ts";
import { slowDisk } from "./slow-disk.ts";
import { type Problem, withSettings } from "./tuning.ts";

export const faults = {
  resign,
  close,
  expire,
  freeze,
  delete: deletion,
  follower,
  mass,
  "herd-return": herdReturn,
  churn,
  slow,
  kill,
  "kill-group": killGroup,
  pause,
  crashes,
  deploy,
  cut,
  partition,
  "requests-lost": requestsLost,
  "replies-lost": repliesLost,
  "server-kill": serverKill,
  "server-restart": serverRestart,
  "server-pause": serverPause,
  "quorum-leader-kill": quorumLeaderKill,
  "quorum-loss": quorumLoss,
  "isolated-leader": isolatedLeader,
  "rolling-restart": rollingRestart,
  "disk-full": diskFull,
  "slow-disk": slowDisk,
  both,
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

export const faultNames = Object.keys(faults) as FaultName[];

function isFaultName(text: string): text is FaultName {
  return Object.hasOwn(faults, text);
}

/** The fault that a text such as `freeze` or `partition:for=3T` means. */
export function parseFault(text: string): Fault | Problem {
  const [name = "", ...settings] = text.split(":");
  if (!isFaultName(name)) return { problem: `choose from ${faultNames.join(", ")}` };
  return withSettings(faults[name], settings);
}

/** Faults that nobody asks for by name. */
const chosenByHand: readonly Fault[] = [byHand, ...Object.values(serversByHand)];

/** `undefined` for another version's fault. */
export function faultNamed(name: string): Fault | undefined {
  const chosen = chosenByHand.find((fault) => fault.name === name);
  if (chosen !== undefined) return chosen;
  const parsed = parseFault(name);
  return "problem" in parsed ? undefined : parsed;
}

/** `null` for another version's fault. */
export function outcomeNamed(name: string, sessionTimeoutMs: number): Outcome | null {
  const fault = faultNamed(name);
  return fault === undefined ? null : outcomeOf(fault, sessionTimeoutMs);
}

/** Faults that end the leader's contender at once: the election waits for no timer. */
export const faultsAtOnce = faultNames.filter((name) => {
  const { leader, fallsSilent } = faults[name];
  return leader === "next" && !fallsSilent;
});

/** Faults that may leave an old leader behind its successor, which has to be fenced: processes do not write. */
export const faultsToFence = faultNames.filter((name) => {
  const { leavesBehind, needs }: Fault = faults[name];
  return (
    leavesBehind === "an-old-leader" && !needs.some((need) => need.what === "host" && need.is === "process")
  );
});
