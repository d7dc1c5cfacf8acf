/**
 * What every history must satisfy that was recorded rightly, however badly the election went. Where one of
 * these is broken, the recording or the file is at fault, and a verdict would say nothing about the election.
 */
import { COORDINATOR } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { failoverTitle } from "../history/window.ts";

type Assumption = (history: History) => string | undefined;

/** The header and the strikes can be meant, and speak of the candidates that occur. */
const header: Assumption = ({ header, strikes, events }) => {
  const counts = { candidates: header.candidates, failovers: header.failovers };
  for (const [name, count] of Object.entries(counts)) {
    if (!Number.isInteger(count) || count < 0) return `its header says ${count} ${name}`;
  }
  for (const strike of strikes) {
    const { withinMs, notifications, announcements } = strike.expects;
    if (!(withinMs > 0)) return `${failoverTitle(strike)} has a bound of ${withinMs} ms`;
    if (!(notifications >= 0)) return `${failoverTitle(strike)} expects ${notifications} notifications`;
    if (!(announcements >= 0))
      return `${failoverTitle(strike)} expects ${announcements} notifications of an announcement`;
  }
  const known = (candidate: number) => candidate >= 0 && candidate < header.candidates;
  for (const event of events) {
    if (event.candidate !== COORDINATOR && !known(event.candidate))
      return `candidate ${event.candidate} is none of its ${header.candidates}`;
    if (event.type === "fault" && !known(event.victim))
      return `the victim ${event.victim} is none of its ${header.candidates} candidates`;
  }
  return undefined;
};

/** Time does not run backwards. */
const order: Assumption = ({ events }) => {
  let last = Number.NEGATIVE_INFINITY;
  for (const { at, candidate, type } of events) {
    if (!(at >= last))
      return `time runs backwards at ${type} of candidate ${candidate}, from ${last} ns to ${at} ns`;
    last = at;
  }
  return undefined;
};

/** Claims and ends of terms alternate in each candidate, and each end is that of the term before it. */
const terms: Assumption = ({ events }) => {
  const leading = new Map<number, number>();
  for (const event of events) {
    const { candidate } = event;
    const current = leading.get(candidate);
    if (event.type === "claimed") {
      if (current !== undefined)
        return `candidate ${candidate} claimed at ${event.at} ns while it led already`;
      leading.set(candidate, event.sequence);
    } else if (event.type === "ended") {
      if (current !== event.sequence)
        return `candidate ${candidate} ended at ${event.at} ns a term that it had not begun`;
      leading.delete(candidate);
    }
  }
  return undefined;
};

/** Who claims has created the contender that it claims with, and no two contenders share a czxid. */
const contenders: Assumption = ({ events }) => {
  const created = new Map<number, string>();
  for (const event of events) {
    if (event.type !== "created" && event.type !== "claimed") continue;
    const contender = `${event.candidate}/${event.sequence}`;
    const known = created.get(event.czxid);
    if (event.type === "claimed") {
      if (known !== contender)
        return `candidate ${event.candidate} claimed at ${event.at} ns with a contender that it had not created`;
    } else if (known !== undefined && known !== contender) {
      return `two contenders were created by the zxid ${event.czxid}`;
    } else created.set(event.czxid, contender);
  }
  return undefined;
};

/**
 * Who writes, or is refused, has claimed with the token that it brings; no two writes made the same version.
 */
const writes: Assumption = ({ events }) => {
  const claimed = new Set<string>();
  const versions = new Set<number>();
  for (const event of events) {
    if (event.type === "claimed") claimed.add(`${event.candidate}/${event.czxid}`);
    if (event.type !== "wrote" && event.type !== "refused") continue;
    if (!claimed.has(`${event.candidate}/${event.czxid}`))
      return `candidate ${event.candidate} came at ${event.at} ns with the token ${event.czxid}, with which it had not claimed`;
    if (event.type === "refused") continue;
    if (versions.has(event.version)) return `two writes made the version ${event.version} of the counter`;
    versions.add(event.version);
  }
  return undefined;
};

/**
 * Failovers are numbered from 1, one after the other, but for warm-ups, which are 0; each ends at most once,
 * and each has its strike.
 */
const failovers: Assumption = ({ events, strikes }) => {
  let last = 0;
  let open: number | undefined;
  let struck = 0;
  for (const event of events) {
    if (event.type === "fault") {
      const { failover } = event;
      if (failover !== 0 && failover !== last + 1) return `the fault ${failover} follows the fault ${last}`;
      if (failover !== 0) last = failover;
      if (strikes[struck++]?.startedAt !== event.at)
        return `nothing tells what ${failoverTitle(event)} was to lead to`;
      open = failover;
    } else if (event.type === "settled") {
      if (event.failover !== open) return `the failover ${event.failover} settled without its fault`;
      open = undefined;
    } else if (event.type === "aborted") open = undefined;
  }
  if (struck !== strikes.length) return `it tells of ${strikes.length} strikes, and ${struck} were recorded`;
  return undefined;
};

const assumptions = { header, order, terms, contenders, writes, failovers } as const satisfies Record<
  string,
  Assumption
>;

export type AssumptionName = keyof typeof assumptions;

/** Those that do not hold, each with where it is broken first. */
export function brokenAssumptions(history: History): ReadonlyMap<AssumptionName, string> {
  const broken = new Map<AssumptionName, string>();
  for (const name of Object.keys(assumptions) as AssumptionName[]) {
    const reason = assumptions[name](history);
    if (reason !== undefined) broken.set(name, reason);
  }
  return broken;
}
