/** The steps of a failover as text and times: the same six for every scheme, so that two can be compared. */
import { faultNamed } from "../../faults/faults.ts";
import type { Episode } from "../timeline/episode.ts";
import { duration, durationTo } from "../timeline/time-scale.ts";
import type { Chain, Link } from "./chain.ts";

export const stepNames = ["before", "gone", "notified", "reads", "leads", "settled"] as const;
export type StepName = (typeof stepNames)[number];

export const stepTitles: Record<StepName, string> = {
  before: "Before",
  gone: "Znode gone",
  notified: "Notified",
  reads: "Reads",
  leads: "New leader",
  settled: "Settled",
};

/** Whether a step is a later one, or the same. */
export function reached(step: StepName, mark: StepName): boolean {
  return stepNames.indexOf(step) >= stepNames.indexOf(mark);
}

/** Whether an old leader, whose znode is gone, still believes that it leads: it stands still, or is cut off. */
export function believes(
  { episode, line }: Pick<Chain, "episode" | "line">,
  link: Link,
  step: StepName,
): boolean {
  const { leads, overlap, settled } = episode;
  if (link !== line[0] || leads === null || overlap === null || overlap === 0) return false;
  return step !== "settled" || (settled ?? 0) < leads + overlap;
}

/** The relevant milliseconds must still be visible after seconds of waiting for a session to expire. */
function since(ns: number): string {
  return ns >= 1e9 ? durationTo(ns, 1e4) : duration(ns);
}

/** Whether a contender is cut off from the servers in a step. */
export function isCut(chain: Chain, { cut }: Link, step: StepName): boolean {
  if (cut === null || step === "before") return false;
  const end = cut.to ?? Number.POSITIVE_INFINITY;
  // If nothing else happens, a cut is all that is between the strike and the leader that goes on.
  const isQuiet = chain.episode.leads === null && chain.line.every(({ notified }) => notified === null);
  if (isQuiet) return (step !== "leads" && step !== "settled") || cut.to === null;
  const moment = momentOf(chain, step);
  return cut.from <= moment && moment < end;
}

/** The time of a step's last event. */
function momentOf({ episode, line }: Chain, step: Exclude<StepName, "before">): number {
  const last = (timeOf: (link: Link) => number | null) =>
    Math.max(0, ...line.map((link) => timeOf(link) ?? 0));
  switch (step) {
    case "gone":
      return episode.firstNotified ?? 0;
    case "notified":
      return last(({ notified }) => notified);
    case "reads":
      return last(({ notified, read }) => read ?? notified);
    case "leads":
      return episode.leads ?? 0;
    case "settled":
      return episode.settled ?? 0;
    default:
      return step satisfies never;
  }
}

/** The sentence of a chain's step. */
export function stepSentence(chain: Chain, step: StepName): string {
  const { line, episode, header } = chain;
  const others = line.length - 1;
  const notified = line.filter((link) => link.notified !== null);
  const readers = line.filter((link) => link.reading !== null);
  switch (step) {
    case "before":
      return `${header.candidates} candidates. ${watchSentence(chain)}`;
    case "gone":
      return `${struck(episode)} ${
        episode.firstNotified === null
          ? "No notification follows."
          : `${episode.victims.length === 1 ? "Its znode is gone" : "The first of their znodes is gone"}, as the first notification shows after ${since(episode.firstNotified)}.`
      }${lostSentence(chain)}`;
    case "notified":
      return `${notified.length} of ${others} notified${span(notified.map((link) => link.notified))}.`;
    case "reads":
      return readers.length === 0
        ? "Nobody needs to read the list of contenders."
        : `${readers.length} of ${others} ask for the list of contenders${span([
            ...readers.map((link) => link.reading),
            ...readers.map((link) => link.read),
          ])}.`;
    case "leads":
      return leadsSentence(chain, notified);
    case "settled":
      return settledSentence(chain);
    default:
      return step satisfies never;
  }
}

/** What waiting candidates know and watch. */
function watchSentence(chain: Chain): string {
  const announced =
    chain.episode.expects.announcements > 0 ? " The leader has written into its znode that it leads." : "";
  return `${targetSentence(chain)}${announced}`;
}

function targetSentence({ line }: Chain): string {
  const targets = new Set(line.slice(1).map(({ watches }) => watches));
  if (line.length < 2) return "Nobody waits.";
  if (targets.has("children")) return "Each of those who wait watches the child list of the election.";
  if (line.length > 2 && targets.size === 1) return "All who wait watch the leader's znode.";
  const inChain = line.every((link, i) => i === 0 || link.watches === line[i - 1]?.sequence);
  return inChain ? "Each watches the contender just before it." : "Each watches one contender.";
}

function struck({ fault, victims }: Episode): string {
  return faultNamed(fault)?.struck(victims) ?? `Candidate ${victims.join(", ")} is struck (${fault}).`;
}

/** Those who lose their connections though nobody struck them: a server is down. */
function lostSentence({ episode: { victims, expects }, line }: Chain): string {
  const lost = line.flatMap(({ candidate, cut }) =>
    cut?.why === "lost" && (expects.contendersStay === true || !victims.includes(candidate)) ? cut : [],
  );
  if (lost.length === 0) return "";
  const backs = lost.flatMap(({ to }) => to ?? []);
  const back =
    backs.length < lost.length ? "" : `, and the last one is back after ${since(Math.max(...backs))}`;
  return ` ${lost.length} of ${line.length} lose their connections${span(lost.map(({ from }) => from))}${back}.`;
}

/** ", from 4.57 ms to 6.02 ms". */
function span(times: readonly (number | null)[]): string {
  const known = times.filter((time) => time !== null);
  if (known.length === 0) return "";
  const [first, last] = [since(Math.min(...known)), since(Math.max(...known))];
  return first === last ? `, after ${first}` : `, from ${first} to ${last}`;
}

function leadsSentence({ episode, line }: Chain, notified: readonly Link[]): string {
  const { successor, leads } = episode;
  if (successor === null || leads === null) {
    const isOut = episode.expects.contendersStay !== true;
    return isOut && line[0] !== undefined && episode.victims.includes(line[0].candidate)
      ? "Nobody new leads."
      : "The leader goes on leading.";
  }
  const already = notified.filter((link) => (link.notified ?? 0) <= leads).length;
  const reading = line.filter(({ read }) => (read ?? 0) > leads).length;
  const meanwhile =
    notified.length < 2
      ? ""
      : ` By then ${already} of the ${notified.length} had been notified, and ${reading} did not have the list yet.`;
  const old = line.find((link) => believes({ episode, line }, link, "leads"));
  const two =
    old === undefined || episode.overlap === null
      ? ""
      : ` Candidate ${old.candidate} still believes that it leads, for ${duration(episode.overlap)}: there are two.`;
  return `Candidate ${successor} leads, ${since(leads)} after the fault.${two}${meanwhile}`;
}

function settledSentence({ episode, line }: Chain): string {
  if (episode.settled === null) return "The candidates did not all settle.";
  const armed = line.filter(
    (link) => link.armed !== null && !episode.victims.includes(link.candidate),
  ).length;
  const again = armed === 0 ? "nobody had to arm a watch again" : `${armed} armed a watch again`;
  const lasted = episode.lasted === null ? "" : ` The fault lasted ${duration(episode.lasted)}.`;
  return `All have settled ${since(episode.settled)} after the fault; ${again}.${lasted}`;
}
