/**
 * Whether the same server told two monitors, and whether it has counted on in between. One address may stand in
 * front of several servers, as a service of Kubernetes does; and a server that has restarted counts from zero
 * again. One that has taken part in an election of the servers is the same, but counts its packets, and its
 * uptime, from zero again.
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
 * Not promised: that two servers that tell no `uptime` (before ZooKeeper 3.6) are told apart where the second one has
 * counted more.
 */
export function isSameServer(before: Monitor, after: Monitor): boolean {
  return hasCountedOn(before, after) || hasBegunTerm(before, after);
}

/** Whether it is the same server, and the difference of what it told is what it has counted in between. */
export function hasCountedOn(before: Monitor, after: Monitor): boolean {
  const sameTerm = before.role === after.role && before.get(ELECTIONS) === after.get(ELECTIONS);
  const grown = [...ofTerm, ...ofProcess].every((name) => isGrown(name, before, after));
  return sameTerm && grown && isSameStart(startOf(before), startOf(after));
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
