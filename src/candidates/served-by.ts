/** Which server serves a session, by its place in the ensemble's list. The native client does not tell. */
import { parseConnect } from "../zookeeper/connect-string.ts";
import type { CandidateTask } from "./protocol.ts";

/** Nobody can tell for sure. */
const UNKNOWN = 0;

/** A session that has just been opened. */
export function serverOfOpened({ connect, embedded }: CandidateTask, sessionId: string): number {
  if (isOne(connect)) return 1;
  // A session's id begins with the number of the server that made it (SessionTrackerImpl.initializeNextSessionId).
  // Servers of our own are numbered in their order; how the user's are numbered is not ours to know.
  return embedded ? Number(BigInt(`0x${sessionId}`) >> 56n) : UNKNOWN;
}

/** A session that has found a server again: any of them. */
export function serverOfReconnected({ connect }: CandidateTask): number {
  return isOne(connect) ? 1 : UNKNOWN;
}

function isOne(connect: string): boolean {
  return parseConnect(connect).servers.length === 1;
}
