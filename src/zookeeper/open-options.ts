/** What is wrong with the options of a session, before anything is sent. */
import type { Auth, OpenOptions } from "./open-session.ts";

/** The native client, Node's timers and the servers take no more. */
const GREATEST = 2 ** 31 - 1;

/** @throws {RangeError} which names the option, its value and what it may be, but no credentials */
export function checkOpenOptions(options: OpenOptions): void {
  const { connect, timeoutMs, connectTimeoutMs, maxRequestBytes, auth = [] } = options;
  if (typeof connect !== "string") throw new RangeError(`connect ${connect}: write host:port,…[/chroot]`);
  checkWhole("timeoutMs", timeoutMs, "milliseconds");
  if (connectTimeoutMs !== undefined) checkWhole("connectTimeoutMs", connectTimeoutMs, "milliseconds");
  if (maxRequestBytes !== undefined) checkWhole("maxRequestBytes", maxRequestBytes, "bytes");
  if (!Array.isArray(auth)) throw new RangeError("auth: a list, of { scheme, credentials }");
  for (const [index, one] of auth.entries()) {
    if (!isAuth(one))
      throw new RangeError(
        `auth[${index}]: write it as { scheme: "digest", credentials: "user:password" }, or with another scheme`,
      );
  }
}

function checkWhole(option: string, value: number, unit: string): void {
  if (!Number.isInteger(value) || value < 1 || value > GREATEST)
    throw new RangeError(`${option} ${value}: a whole number of ${unit} from 1 to ${GREATEST}`);
}

/** Whether servers can make anything of it: they refuse other credentials, and end the session. */
export function isAuth(auth: Auth | null): boolean {
  const { scheme, credentials } = auth ?? {};
  if (typeof scheme !== "string" || typeof credentials !== "string") return false;
  return scheme === "digest" ? /^[^:]+:./s.test(credentials) : /^[\w.-]+$/.test(scheme) && credentials !== "";
}
