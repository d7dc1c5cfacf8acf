/** What is said of the servers of an ensemble: the state of each, whom it serves, and who led them. */
import { listed } from "../../export/listed.ts";
import { plural } from "../wording.ts";
import type { Episode } from "./episode.ts";
import type { ServerActivity, ServerRecord, ServerStretch } from "./server-course.ts";
import type { TrialView } from "./trial-view.ts";

const words: Readonly<Record<ServerActivity, string>> = {
  leader: "leads",
  follower: "follows",
  observer: "observes",
  standalone: "stands alone",
  killed: "killed",
  paused: "stands still",
  "cut-off": "cut off from the others",
  "disk-full": "its disk is full",
  "disk-slow": "its disk is slow",
  unseen: "role not seen",
  silent: "does not answer",
};

/** "leads, serves 2" */
export function stretchWords({ state, serves }: ServerStretch): string {
  return `${words[state]}${serves ? `, serves ${serves}` : ""}`;
}

export function stretchAt(record: ServerRecord, server: number, at: number): ServerStretch | undefined {
  return record.courses[server - 1]?.findLast(({ from }) => from <= at);
}

/** The server that a candidate is connected to, if it is to one. */
export function serverOf({ connections }: ServerRecord, candidate: number, at: number): number | undefined {
  return (
    connections.find((one) => one.candidate === candidate && one.from <= at && at < one.to)?.server ??
    undefined
  );
}

/** The number of candidates that are named; more are only counted. */
const NAMED = 12;

/** "serves candidates 0 and 3" */
export function servesWords({ connections }: ServerRecord, server: number, at: number): string {
  const now = connections.filter(({ from, to }) => from <= at && at < to);
  const served = now
    .filter((one) => one.server === server)
    .map(({ candidate }) => candidate)
    .sort((a, b) => a - b);
  const elsewhere = now.filter((one) => one.server === null).length;
  if (elsewhere > 0) return `the server of ${plural(elsewhere, "candidate")} is not known`;
  if (served.length === 0) return "serves nobody";
  const [only] = served;
  if (served.length === 1) return `serves candidate ${only}`;
  if (served.length > NAMED) return `serves ${plural(served.length, "candidate")}`;
  return `serves candidates ${listed(served.map(String))}`;
}

/** "on server 2, which follows"; `null` if it is connected to none, or nobody knows to which. */
export function whereWords(record: ServerRecord, candidate: number, at: number): string | null {
  const server = serverOf(record, candidate, at);
  if (server === undefined) return null;
  const state = stretchAt(record, server, at)?.state;
  return `on server ${server}${state === "leader" || state === "follower" ? `, which ${words[state]}` : ""}`;
}

const struckWords = {
  killed: ["was killed", "were killed"],
  paused: ["stood still", "stood still"],
  "cut-off": ["was cut off from the others", "were cut off from the others"],
  "disk-full": ["had a full disk", "had full disks"],
  "disk-slow": ["had a slow disk", "had slow disks"],
} as const;

/** Which servers a failover's fault struck, and who led them before and after it; empty if nothing changed. */
export function serversSentence({ at }: Episode, { servers, episodes, finish }: TrialView): string {
  if (servers === null) return "";
  const until = episodes.find((other) => other.at > at)?.at ?? finish;
  const struck = Object.entries(struckWords).flatMap(([state, [was, were]]) => {
    const those = numbersOf(servers, (one) => one.state === state && one.to > at && one.from < until);
    if (those.length === 0) return [];
    return those.length === 1 ? `server ${those[0]} ${was}` : `servers ${listed(those.map(String))} ${were}`;
  });
  const before = leaderBefore(servers, at);
  const [after] = numbersOf(servers, (one) => one.state === "leader" && one.from <= until && until <= one.to);
  const isSame = before === after;
  const led =
    before === undefined || after === undefined || (isSame && struck.length === 0)
      ? []
      : [
          `server ${before} led the servers before${isSame ? " and afterwards" : `, server ${after} afterwards`}`,
        ];
  const text = [...struck, ...led].join("; ");
  return text === "" ? "" : ` ${text[0]?.toUpperCase()}${text.slice(1)}.`;
}

/** The server that last led the others: the strike may have ended that a little before it was recorded. */
function leaderBefore({ courses }: ServerRecord, at: number): number | undefined {
  const ends = courses.map(
    (course) => course.findLast((one) => one.state === "leader" && one.from < at)?.to ?? 0,
  );
  const latest = Math.max(...ends);
  return latest === 0 ? undefined : 1 + ends.indexOf(latest);
}

/** The places of the servers that have such a stretch. */
function numbersOf({ courses }: ServerRecord, has: (stretch: ServerStretch) => boolean): number[] {
  return courses.flatMap((course, index) => (course.some(has) ? index + 1 : []));
}
