/** What is wrong with the options of a session, before anything is sent. */
import type { Auth, OpenOptions } from "./open-session.ts";

/** The native client and Node's timers take no more. */
const LONGEST_MS = 2 ** 31 - 1;

/** @throws {RangeError} which names the option, its value and what it may be, but no credentials */
export function checkOpenOptions({ connect, timeoutMs, connectTimeoutMs, auth = [] }: OpenOptions): void {
  if (typeof connect !== "string") throw new RangeError(`connect ${connect}: write host:port,…[/chroot]`);
  checkMilliseconds("timeoutMs", timeoutMs);
  if (connectTimeoutMs !== undefined) checkMilliseconds("connectTimeoutMs", connectTimeoutMs);
  if (!Array.isArray(auth)) throw new RangeError("auth: a list, of { scheme, credentials }");
  for (const [index, one] of auth.entries()) {
    if (!isAuth(one))
      throw new RangeError(
        `auth[${index}]: write it as { scheme: "digest", credentials: "user:password" }, or with another scheme`,
      );
  }
}

function checkMilliseconds(option: string, value: number): void {
  if (!Number.isInteger(value) || value < 1 || value > LONGEST_MS)
    throw new RangeError(`${option} ${value}: a whole number of milliseconds from 1 to ${LONGEST_MS}`);
}

/** Whether servers can make anything of it: they refuse other credentials, and end the session. */
export function isAuth(auth: Auth | null): boolean {
  const { scheme, credentials } = auth ?? {};
  if (typeof scheme !== "string" || typeof credentials !== "string") return false;
  return scheme === "digest" ? /^[^:]+:./s.test(credentials) : /^[\w.-]+$/.test(scheme) && credentials !== "";
}
