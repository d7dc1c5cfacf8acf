/**
 * Whether the same server, in the same life, told two monitors. One address may stand in front of several servers, as a
 * service of Kubernetes does; and a server that has restarted, or has a new role, counts from zero again.
 */
import type { Monitor } from "./four-letter-word.ts";

/** For clocks that run apart from one look to the next. */
const APART_MS = 10;

/** What only grows while a server lives, unless somebody resets it (`srst`). */
const growing = ["packets_received", "packets_sent", "cnt_readlatency", "cnt_updatelatency"] as const;

/**
 * Not promised: that two servers that tell no `uptime` (before ZooKeeper 3.6) are told apart where the second one has
 * counted more.
 */
export function isSameServer(before: Monitor, after: Monitor): boolean {
  const sameRole = before.role === after.role;
  const grown = growing.every((name) => (after.get(name) ?? 0) >= (before.get(name) ?? 0));
  return sameRole && grown && isSameStart(startOf(before), startOf(after));
}

interface Span {
  readonly earliest: number;
  readonly latest: number;
}

/** When its process began, by the asker's clock: the server looked at its own at some moment in between. */
function startOf(monitor: Monitor): Span | undefined {
  const uptimeMs = monitor.get("uptime");
  if (uptimeMs === undefined) return undefined;
  return { earliest: monitor.sentAt - uptimeMs, latest: monitor.answeredAt - uptimeMs };
}

function isSameStart(one: Span | undefined, other: Span | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.earliest <= other.latest + APART_MS && other.earliest <= one.latest + APART_MS;
}
