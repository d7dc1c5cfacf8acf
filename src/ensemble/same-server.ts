/**
 * Whether the same server told several monitors, and whether it has counted on in between. One address may
 * stand in front of several servers, as a service of Kubernetes does; and a server that has restarted counts
 * from zero again. One that has taken part in an election of the servers is the same, but counts its packets,
 * and its uptime, from zero again.
 */
import type { Monitor } from "./four-letter-word.ts";

/** For clocks that run apart from one look to the next. */
const APART_MS = 10;

/** What begins again with each term of a server, as its `uptime` does. */
const ofTerm = ["packets_received", "packets_sent"] as const;
/** What only grows while a server's process lives, unless somebody resets it (`srst`). */
const ofProcess = ["cnt_readlatency", "cnt_updatelatency"] as const;
/** How many elections of the servers its process has taken part in. Not told by a server before 3.6. */
const ELECTIONS = "cnt_election_time";

/**
 * Not promised: that two servers that tell no `uptime` (before ZooKeeper 3.6) are told
 * apart where the second one has counted more.
 */
export function isSameServer(before: Monitor, after: Monitor): boolean {
  return hasCountedOn(before, after) || hasBegunTerm(before, after);
}

/** Whether it is the same server, and the difference of what it told is what it has counted in between. */
export function hasCountedOn(before: Monitor, after: Monitor): boolean {
  const grown = [...ofTerm, ...ofProcess].every((name) => isGrown(name, before, after));
  return grown && isSameTerm(before, after);
}

/** Whether two monitors of about the same time may be one server's, by what does not change while it serves. */
export function isSameTerm(one: Monitor, other: Monitor): boolean {
  const sameElection = one.role === other.role && one.get(ELECTIONS) === other.get(ELECTIONS);
  return sameElection && isSameStart(startOf(one), startOf(other));
}

/**
 * Whether one server has told all of these, one after another, at two addresses in turns. A server counts each
 * question as a packet, so two that are at rest do not fit between each other's answers. Two that are busy do
 * not either: all that they have ever counted and summed up would have to.
 *
 * Not promised: that a server that tells no `uptime` (before ZooKeeper 3.6) is recognised.
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

/** When it began to serve, by the asker's clock: the server looked at its own at some moment in between. */
function startOf(monitor: Monitor): Span | undefined {
  const uptimeMs = monitor.get("uptime");
  if (uptimeMs === undefined) return undefined;
  return { earliest: monitor.sentAt - uptimeMs, latest: monitor.answeredAt - uptimeMs };
}

function isSameStart(one: Span | undefined, other: Span | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.earliest <= other.latest + APART_MS && other.earliest <= one.latest + APART_MS;
}
