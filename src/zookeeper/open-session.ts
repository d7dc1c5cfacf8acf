/** The way to a session on the native client: connected, authenticated, and within a deadline. */
import { nativeClient } from "./binding.ts";
import {
  AUTH_FAILED,
  AuthFailed,
  ConnectTimeout,
  EXPIRED,
  errorOf,
  OutcomeUnknown,
  SessionExpired,
} from "./errors.ts";
import { NativeSession, type SessionIdentity } from "./native-session.ts";
import type { SessionState } from "./session.ts";

/** Who a session is, for the ACLs of znodes. */
export interface Auth {
  /** `digest`, or another scheme that the servers have a provider for. */
  readonly scheme: string;
  /** What the scheme asks for: `user:password` for `digest`. */
  readonly credentials: string;
}

export interface OpenOptions {
  /** `host:port,…`, with an optional chroot. */
  readonly connect: string;
  /** The session timeout to ask for; the server may grant another one. */
  readonly timeoutMs: number;
  /** The session is all of these, from its first call on and after each reconnect. @default [] */
  readonly auth?: readonly Auth[];
  /** How long to wait for the first connection. @default 10000 */
  readonly connectTimeoutMs?: number;
  /** An existing session to take over. */
  readonly identity?: SessionIdentity;
  /** Where a worker thread puts its copy of the addon. */
  readonly scratch?: string;
  /** Gives up the opening; an open session is not concerned. */
  readonly signal?: AbortSignal;
}

/**
 * A long child list arrives in pieces, and the addon takes more than this many pieces in a row for an
 * expired session. Its default of 10 was passed by a list of 98 kB.
 */
const PARTIAL_READS = 5000;

/** A server that is there has answered by then. */
const GIVE_UP_WITHIN_MS = 500;

/**
 * Opens a session and waits until it is connected.
 * @throws {ConnectTimeout} when there is no session within the deadline
 * @throws {SessionExpired} when an existing session was to be taken over and is gone
 * @throws {AuthFailed} when the server refuses the credentials
 * @throws the signal's reason, when it gave up the opening
 */
export async function openSession(options: OpenOptions): Promise<NativeSession> {
  const { connect, timeoutMs, auth = [], connectTimeoutMs = 10_000, identity, scratch, signal } = options;
  signal?.throwIfAborted();
  const Client = nativeClient(scratch);
  const client = new Client();
  const { identity: _, signal: __, ...lasting } = options;
  const session = new NativeSession(client, (signal) =>
    openSession({ ...lasting, ...(signal && { signal }) }),
  );
  client.init({
    connect,
    timeout: timeoutMs,
    debug_level: 0,
    host_order_deterministic: false,
    response_counter_limit: PARTIAL_READS,
    ...(identity && { client_id: identity.id, client_password: identity.password }),
  });
  if (client.timeout === -1) {
    throw new ConnectTimeout(0, `none of the hosts in ${connect} can be resolved; check the names`);
  }
  let deadline: NodeJS.Timeout | undefined;
  let patience: NodeJS.Timeout | undefined;
  let giveUp: () => void = () => undefined;
  let onState: (state: SessionState) => void = () => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      // The server may have made the session already, and only a connected client can end it.
      giveUp = () => {
        patience = setTimeout(() => reject(signal?.reason), GIVE_UP_WITHIN_MS);
      };
      signal?.addEventListener("abort", giveUp);
      onState = (state) => {
        switch (state) {
          case "connected":
            if (auth.length === 0) resolve();
            else afterAnswers(session).then((there) => there && resolve());
            return;
          case "connecting":
          case "suspended":
            return;
          case "expired":
            reject(new SessionExpired(EXPIRED, `the session ${identity?.id} is gone`));
            return;
          case "closed":
            reject(
              session.authFailed
                ? new AuthFailed(AUTH_FAILED, refusalOf(connect, auth))
                : new ConnectTimeout(0, `the session with ${connect} was closed before it was open`),
            );
            return;
          default:
            state satisfies never;
        }
      };
      session.on("state", onState);
      for (const { scheme, credentials } of auth) {
        // The client keeps them, and sends them ahead of everything else whenever it has connected.
        const code = client.add_auth(scheme, credentials, () => undefined);
        if (code !== 0) reject(errorOf(code, {}));
      }
      deadline = setTimeout(() => {
        reject(
          new ConnectTimeout(
            0,
            `no session with ${connect} within ${connectTimeoutMs} ms; is a ZooKeeper server listening there, ` +
              "and does its maxClientCnxns (60 an address, by default) leave room?",
          ),
        );
      }, connectTimeoutMs);
    });
    signal?.throwIfAborted();
  } catch (error) {
    await session.close();
    throw error;
  } finally {
    clearTimeout(deadline);
    clearTimeout(patience);
    signal?.removeEventListener("abort", giveUp);
    session.off("state", onState);
  }
  return session;
}

/**
 * Whether the server has answered all that was sent before. The client reports the first answer to credentials
 * as the answer to all of them; a refusal of others follows, and ends the session.
 */
async function afterAnswers(session: NativeSession): Promise<boolean> {
  try {
    await session.exists("/");
    return true;
  } catch (error) {
    // A refusal of this call is an answer as well. After a lost connection, the next one is asked again.
    return !(error instanceof OutcomeUnknown || error instanceof AuthFailed);
  }
}

function refusalOf(connect: string, auth: readonly Auth[]): string {
  const schemes = auth.map(({ scheme }) => scheme).join(", ");
  return `${connect} refuses the credentials (${schemes}); check them, and that its servers know the scheme`;
}
