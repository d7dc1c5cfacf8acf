/** Which server serves a session. The native client does not say. */
import { type ServingServer, servingServers } from "../history/event.ts";
import { parseConnect } from "../zookeeper/connect-string.ts";

/** The server of a session that has just been opened. */
export function serverOfOpened(connect: string, embedded: boolean, sessionId: string): ServingServer {
  if (isOne(connect)) return "1";
  // A session's id begins with the number of the server that made it
  // (SessionTrackerImpl.initializeNextSessionId). Our own servers are numbered in their order; the numbers of
  // the user's are unknown.
  const number = embedded ? BigInt(`0x${sessionId}`) >> 56n : 0n;
  return servingServers[Number(number)] ?? "unknown";
}

/** The server of a session that has reconnected: any of them. */
export function serverOfReconnected(connect: string): ServingServer {
  return isOne(connect) ? "1" : "unknown";
}

function isOne(connect: string): boolean {
  return parseConnect(connect).servers.length === 1;
}
