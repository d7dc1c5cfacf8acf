/**
 * Finds out whether a server currently serves sessions: opens one there, and closes it again, without the
 * native client.
 */
import type { Address } from "./connect-string.ts";
import { endSession } from "./end-session.ts";

/** A server that serves has answered by then. */
const WITHIN_MS = 500;

/** A client that takes over nobody's session gets a new one. */
const NOBODY = { id: "0", password: "0".repeat(32) };

/** Whether one of them serves. Settles within {@link WITHIN_MS}. */
export async function oneServes(addresses: readonly Address[]): Promise<boolean> {
  return (await Promise.all(addresses.map(serves))).includes(true);
}

/** A server that does not serve hangs up silently. */
function serves(address: Address): Promise<boolean> {
  return endSession(address, NOBODY, [], WITHIN_MS).then(
    (farewell) => farewell !== "nothing",
    () => false,
  );
}
