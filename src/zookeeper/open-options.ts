/** Checks a session's options before anything is sent. */
import type { SessionIdentity } from "./native-session.ts";

/** A session's identity, for the ACLs of znodes. */
export interface Auth {
  /** `digest`, or another scheme that the servers have a provider for. */
  readonly scheme: string;
  /** The scheme's credentials: `user:password` for `digest`. */
  readonly credentials: string;
}

export interface OpenOptions {
  /** `host:port,…[/chroot]`; a server without a port gets ZooKeeper's default, 2181. The chroot must exist. */
  readonly connect: string;
  /** The session timeout to ask for, in milliseconds; the server may grant another one. */
  readonly timeoutMs: number;
  /**
   * The session has all of these identities, from its first call on and after each reconnect.
   * @default []
   */
  readonly auth?: readonly Auth[];
  /** How long to try for the first connection, in milliseconds. @default 10000 */
  readonly connectTimeoutMs?: number;
  /**
   * The largest request that the servers accept, in bytes: their `jute.maxbuffer`. Larger ones are not sent.
   * @default 1048575
   */
  readonly maxRequestBytes?: number;
  /** An existing session to take over. */
  readonly identity?: SessionIdentity;
  /**
   * Ends the session the moment this process is gone, however it ends: see wills.ts. `true` starts a small
   * process that keeps the wills of this one; a path is the Unix socket of `zk-election-lab will`.
   * @default false
   */
  readonly will?: boolean | string;
  /** The folder in which a worker thread puts its copy of the addon. */
  readonly scratch?: string;
  /** Gives up the opening; it does not affect an open session. */
  readonly signal?: AbortSignal;
}

/** The maximum for the native client, Node's timers and the servers. */
const GREATEST = 2 ** 31 - 1;

/** @throws {RangeError} naming the option, its value and the valid values, but no credentials */
export function checkOpenOptions(options: OpenOptions): void {
  const { connect, timeoutMs, connectTimeoutMs, maxRequestBytes, will, auth = [] } = options;
  if (typeof connect !== "string") throw new RangeError(`connect ${connect}: write host:port,…[/chroot]`);
  checkWhole("timeoutMs", timeoutMs, "milliseconds");
  if (connectTimeoutMs !== undefined) checkWhole("connectTimeoutMs", connectTimeoutMs, "milliseconds");
  if (maxRequestBytes !== undefined) checkWhole("maxRequestBytes", maxRequestBytes, "bytes");
  if (will !== undefined && typeof will !== "boolean" && (typeof will !== "string" || will === ""))
    throw new RangeError(`will: give true, or the path of a Unix socket, not ${JSON.stringify(will)}`);
  if (!Array.isArray(auth)) throw new RangeError("auth: give a list of { scheme, credentials }");
  for (const [index, one] of auth.entries()) {
    if (!isAuth(one))
      throw new RangeError(
        `auth[${index}]: write it as { scheme: "digest", credentials: "user:password" }, or with another scheme`,
      );
  }
}

function checkWhole(option: string, value: number, unit: string): void {
  if (!Number.isInteger(value) || value < 1 || value > GREATEST)
    throw new RangeError(`${option} ${value}: give a whole number of ${unit} from 1 to ${GREATEST}`);
}

/** Whether servers can interpret the credentials: they refuse others, and end the session. */
export function isAuth(auth: Auth | null): boolean {
  const { scheme, credentials } = auth ?? {};
  if (typeof scheme !== "string" || typeof credentials !== "string") return false;
  return scheme === "digest" ? /^[^:]+:./s.test(credentials) : /^[\w.-]+$/.test(scheme) && credentials !== "";
}
