/**
 * Decides whether several monitors come from the same server, and whether it kept counting in between. One
 * address may stand for several servers, as a Kubernetes service does; and a server that has restarted counts
 * from zero again. A server that has taken part in an election of the servers is the same, but counts its
 * packets, and its uptime, from zero again.
 */
import type { Monitor } from "./four-letter-word.ts";

/** A tolerance for clocks that drift apart between looks. */
const APART_MS = 10;

/** Counters that restart with each term of a server, as its `uptime` does. */
const ofTerm = ["packets_received", "packets_sent"] as const;
/** Counters that only grow while a server's process lives, unless somebody resets them (`srst`). */
const ofProcess = ["cnt_readlatency", "cnt_updatelatency"] as const;
/** The number of server elections that its process has taken part in. Servers before 3.6 do not report it. */
const ELECTIONS = "cnt_election_time";

/**
 * Not promised: that two servers without `uptime` (before ZooKeeper 3.6) are told apart if the second one has
 * counted more.
 */
export function isSameServer(before: Monitor, after: Monitor): boolean {
  return hasCountedOn(before, after) || hasBegunTerm(before, after);
}

/** Whether it is the same server, and the difference of its reports is what it has counted in between. */
export function hasCountedOn(before: Monitor, after: Monitor): boolean {
  const grown = [...ofTerm, ...ofProcess].every((name) => isGrown(name, before, after));
  return grown && isSameTerm(before, after);
}

/**
 * Whether two monitors of about the same time may be one server's, judged by values that do not change while it
 * serves.
 */
export function isSameTerm(one: Monitor, other: Monitor): boolean {
  const sameElection = one.role === other.role && one.get(ELECTIONS) === other.get(ELECTIONS);
  return sameElection && isSameStart(startOf(one), startOf(other));
}

/**
 * Whether one server gave all of these reports, one after another, at two addresses in turns. A server counts
 * each question as a packet, so two idle servers do not fit between each other's answers. Two busy ones do not
 * either: all that they have ever counted and summed up would have to fit.
 *
 * Not promised: that a server without `uptime` (before ZooKeeper 3.6) is recognised.
 */
export function isOneServer(told: readonly Monitor[]): boolean {
  return told.every((after, index) => {
    const before = told[index - 1];
    if (before === undefined) return after.has("uptime");
    const asked = (after.get("packets_received") ?? 0) > (before.get("packets_received") ?? 0);
    const summaries = [...after.keys()].filter((name) => /^(cnt|sum)_/.test(name));
    return asked && hasCountedOn(before, after) && summaries.every((name) => isGrown(name, before, after));
  });
}

/** Whether the same process has been in an election since, whatever its role is now. */
function hasBegunTerm(before: Monitor, after: Monitor): boolean {
  const elected = (after.get(ELECTIONS) ?? 0) > (before.get(ELECTIONS) ?? Number.POSITIVE_INFINITY);
  const start = startOf(after);
  const since = start !== undefined && start.latest + APART_MS >= before.sentAt;
  return elected && since && ofProcess.every((name) => isGrown(name, before, after));
}

function isGrown(name: string, before: Monitor, after: Monitor): boolean {
  return (after.get(name) ?? 0) >= (before.get(name) ?? 0);
}

interface Span {
  readonly earliest: number;
  readonly latest: number;
}

/** When it began to serve, by the asker's clock: the server read its own clock at some moment in between. */
function startOf(monitor: Monitor): Span | undefined {
  const uptimeMs = monitor.get("uptime");
  if (uptimeMs === undefined) return undefined;
  return { earliest: monitor.sentAt - uptimeMs, latest: monitor.answeredAt - uptimeMs };
}

function isSameStart(one: Span | undefined, other: Span | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.earliest <= other.latest + APART_MS && other.earliest <= one.latest + APART_MS;
}
