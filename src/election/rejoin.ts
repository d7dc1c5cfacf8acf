/** Opening another session after one has expired, without that all who lost theirs at once return at once. */
import { ConnectTimeout } from "../zookeeper/errors.ts";
import type { Session } from "../zookeeper/session.ts";
import { pause } from "./connection.ts";
import type { Runtime } from "./runtime.ts";

const FIRST_WITHIN_MS = 500;
const LONGEST_MS = 30_000;

/** Anywhere from nothing to a bound that doubles with each attempt. */
export function rejoinDelayMs(attempt: number, random: number): number {
  return random * Math.min(LONGEST_MS, FIRST_WITHIN_MS * 2 ** attempt);
}

/**
 * Tries until there is a session: an ensemble that does not answer may come back.
 * @returns `undefined` when the signal gave up
 * @throws {ZooKeeperError} what no patience mends, such as refused credentials
 */
export async function rejoin(
  session: Session,
  runtime: Runtime,
  signal: AbortSignal,
  onAttempt: (attempt: number) => void,
): Promise<Session | undefined> {
  for (let attempt = 0; !signal.aborted; attempt++) {
    onAttempt(attempt);
    await pause(runtime, rejoinDelayMs(attempt, runtime.random()));
    if (signal.aborted) return undefined;
    try {
      return await session.reopen(signal);
    } catch (error) {
      if (!(signal.aborted || error instanceof ConnectTimeout)) throw error;
    }
  }
  return undefined;
}
