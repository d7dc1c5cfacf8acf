/**
 * Whether a server serves sessions just now: one is opened there, and closed again, without the native client.
 */
import type { Address } from "./connect-string.ts";
import { endSession } from "./end-session.ts";

/** A server that serves has answered by then. */
const WITHIN_MS = 500;

/** Whoever takes over nobody's session gets one of its own. */
const NOBODY = { id: "0", password: "0".repeat(32) };

/** Whether one of them does. Settles within {@link WITHIN_MS}. */
export async function oneServes(addresses: readonly Address[]): Promise<boolean> {
  return (await Promise.all(addresses.map(serves))).includes(true);
}

/** One that does not serve hangs up without a word. */
function serves(address: Address): Promise<boolean> {
  return endSession(address, NOBODY, [], WITHIN_MS).then(
    (answered) => answered > 0,
    () => false,
  );
}
