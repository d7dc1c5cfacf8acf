/** Opens a session on the native client: connected, authenticated, and within a deadline. */
import { setTimeout as delay } from "node:timers/promises";
import { nativeClient } from "./binding.ts";
import { hostAndPort, parseConnect } from "./connect-string.ts";
import {
  AUTH_FAILED,
  AuthFailed,
  ConnectTimeout,
  EXPIRED,
  errorOf,
  NO_NODE,
  NoNode,
  OutcomeUnknown,
  SessionExpired,
  TryAgain,
} from "./errors.ts";
import { keepInheritedNumbers } from "./inherited-numbers.ts";
import { systemLookup } from "./lookup.ts";
import { nativeList } from "./native-list.ts";
import { NativeSession } from "./native-session.ts";
import { type Auth, checkOpenOptions, type OpenOptions } from "./open-options.ts";
import { MAX_REQUEST_BYTES } from "./request-size.ts";
import { type Route, type Search, Servers } from "./servers.ts";
import { oneServes } from "./serves.ts";
import type { SessionState } from "./session.ts";
import { tlsPorts, tlsWords } from "./tls.ts";
import { type Executor, executorAt } from "./wills.ts";

/**
 * A long child list arrives in pieces, and after more than this many pieces in a row the addon assumes that the
 * session has expired. A list of 98 kB exceeded its default of 10.
 */
const PARTIAL_READS = 5000;

const CONNECT_TIMEOUT_MS = 10_000;
/** The pause between two tries. */
const PAUSE_MS = 100;
/**
 * How long a try may take before another one may do better: at first, and later. The client waits long for a
 * silent server, and rests for up to a third of the session timeout when all refuse.
 */
const FIRST_PATIENCE_MS = 1000;
const PATIENCE_MS = 2000;
/** The number of mute servers after which the next one gets all the remaining time: it may just be busy. */
const MUTE = 2;
/** A server that is there has answered by then. */
const GIVE_UP_WITHIN_MS = 500;
/**
 * When this much of the time is left, or half of it, check whether the native client hears nothing because the
 * port speaks TLS.
 */
const TLS_LOOK_MS = 1500;
/** The timeout that a client reports if it has not accepted its list. */
const NEVER_CAME_UP = -1;

/**
 * Opens a session and waits until it is connected. Retries until its deadline, whatever the obstacle.
 * @throws {RangeError} for invalid options; {@link InvalidConnectString} is one
 * @throws {ConnectTimeout} when there is no session within the deadline
 * @throws {SessionExpired} when an existing session was to be taken over and is gone
 * @throws {AuthFailed} when the server refuses the credentials
 * @throws {NoNode} when the chroot does not exist
 * @throws the signal's reason, when it gave up the opening
 */
export async function openSession(options: OpenOptions): Promise<NativeSession> {
  return openBy({ lookup: systemLookup, order: "random" }, options);
}

/**
 * Works like {@link openSession}, but tries servers in the order in which they are listed: the caller spreads
 * the clients.
 */
export function openInOrder(options: OpenOptions): Promise<NativeSession> {
  return openBy({ lookup: systemLookup, order: "given" }, options);
}

export async function openBy(search: Search, options: OpenOptions): Promise<NativeSession> {
  checkOpenOptions(options);
  const { servers, chroot } = parseConnect(options.connect);
  return open(options, { servers: new Servers(servers, search), chroot });
}

/** The ensemble, for all sessions that come from one opening. */
interface Place {
  readonly servers: Servers;
  readonly chroot: string;
}

async function open(options: OpenOptions, place: Place): Promise<NativeSession> {
  const { connectTimeoutMs = CONNECT_TIMEOUT_MS, signal, will = false } = options;
  signal?.throwIfAborted();
  const executor = will === false ? undefined : await executorAt(will === true ? undefined : will);
  const over = new AbortController();
  const end = () => over.abort();
  const ended = new Promise<undefined>((resolve) => {
    over.signal.addEventListener("abort", () => resolve(undefined));
  });
  const deadline = setTimeout(end, connectTimeoutMs);
  let accepting: Route["accepting"] = [];
  let secured: readonly string[] = [];
  const tlsLook = setTimeout(
    async () => {
      secured = await tlsPorts(accepting);
    },
    connectTimeoutMs - Math.min(TLS_LOOK_MS, connectTimeoutMs / 2),
  );
  signal?.addEventListener("abort", end);
  const mute = new Set<string>();
  let patienceMs = FIRST_PATIENCE_MS;
  try {
    while (!over.signal.aborted) {
      const route = await Promise.race([place.servers.route(), ended]);
      if (route !== undefined && isWorthATry(route)) {
        accepting = route.accepting;
        const way = { ...place, route: besides(mute, route), mute, patienceMs, over: over.signal };
        const session = await attempt(options, way);
        if (session !== undefined) {
          if (executor !== undefined) await leaveTo(executor, session, options);
          if (signal?.aborted !== true) return session;
          await session.close();
          break;
        }
        patienceMs = PATIENCE_MS;
        keepInheritedNumbers();
      }
      await delay(PAUSE_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
  } finally {
    clearTimeout(deadline);
    clearTimeout(tlsLook);
    signal?.removeEventListener("abort", end);
  }
  signal?.throwIfAborted();
  throw timedOut(options, place.servers, secured);
}

/** The will is revoked when the session is over. */
async function leaveTo(executor: Executor, session: NativeSession, options: OpenOptions): Promise<void> {
  const { servers } = parseConnect(options.connect);
  const { identity, timeoutMs } = session;
  const revoke = await executor.keep({ identity, servers, timeoutMs, auth: options.auth ?? [] });
  session.over.then(revoke);
}

/** Some server accepts, or still may: a connection can take longer than the look. */
function isWorthATry({ all, accepting, answering }: Route): boolean {
  return accepting.length > 0 || answering.length < all.length;
}

/** A route that begins with a server not known to be mute. */
function besides(mute: ReadonlySet<string>, route: Route): Route {
  const first = route.accepting.find((address) => !mute.has(hostAndPort(address)));
  if (first === undefined) return route;
  const from = (list: Route["all"]) => [first, ...list.filter((address) => address !== first)];
  return { ...route, all: from(route.all), accepting: from(route.accepting) };
}

interface Attempt extends Place {
  readonly route: Route;
  /** Servers that came first in an attempt, accepted it, and did not answer. This attempt may add to them. */
  readonly mute: Set<string>;
  readonly patienceMs: number;
  /** Aborted at the deadline, and when the caller gives up. */
  readonly over: AbortSignal;
}

/**
 * Makes one native client, which cannot be reused.
 * @returns nothing if it failed, and another attempt may do better
 */
async function attempt(options: OpenOptions, attempt: Attempt): Promise<NativeSession | undefined> {
  const { identity, signal: _, ...lasting } = options;
  const { will: __, ...looking } = lasting;
  const { servers, chroot, route, over } = attempt;
  const Client = nativeClient(options.scratch);
  const client = new Client();
  const reopen = (signal: AbortSignal | undefined) =>
    open({ ...lasting, ...(signal && { signal }) }, { servers, chroot });
  // Two clients of a thread that fail to connect endanger its sockets (placeholder.ts), so this one waits for a
  // server that serves. It leaves out the chroot, whose znode may be gone.
  const look = async (signal: AbortSignal) => {
    if (!(await oneServes((await servers.route()).accepting)))
      throw new ConnectTimeout(0, "no server serves sessions at the moment");
    signal.throwIfAborted();
    const connectTimeoutMs = Math.ceil(session.timeoutMs / 2);
    return open({ ...looking, connectTimeoutMs, signal }, { servers, chroot: "" });
  };
  const list = nativeList(route.all, route.entries);
  const { maxRequestBytes = MAX_REQUEST_BYTES } = options;
  const session = new NativeSession(client, { servers, route, list, chroot, maxRequestBytes, reopen, look });
  try {
    session.init({
      connect: `${list}${chroot}`,
      timeout: options.timeoutMs,
      debug_level: 0,
      host_order_deterministic: true,
      response_counter_limit: PARTIAL_READS,
      ...(identity && { client_id: identity.id, client_password: identity.password }),
    });
    for (const { scheme, credentials } of options.auth ?? []) {
      // The client keeps the credentials, and sends them ahead of everything else whenever it has connected.
      const code = client.add_auth(scheme, credentials, () => undefined);
      if (code !== 0) throw errorOf(code, {});
    }
    if ((await isOpened(session, options, attempt)) && !over.aborted) return session;
  } catch (error) {
    await session.close();
    throw error;
  }
  await session.close();
  return undefined;
}

/** @throws an error that no other attempt could avoid */
async function isOpened(session: NativeSession, options: OpenOptions, attempt: Attempt): Promise<boolean> {
  const { connect, auth = [], identity, signal } = options;
  const { chroot, route, mute, patienceMs, over } = attempt;
  let patience: NodeJS.Timeout | undefined;
  let lookNow: NodeJS.Immediate | undefined;
  let end: () => void = () => undefined;
  let onState: (state: SessionState) => void = () => undefined;
  try {
    return await new Promise<boolean>((resolve, reject) => {
      end = () => {
        clearTimeout(patience);
        clearImmediate(lookNow);
        // The server may have created the session already, and only a connected client can end it.
        if (signal?.aborted) patience = setTimeout(() => resolve(false), GIVE_UP_WITHIN_MS);
        else resolve(false);
      };
      over.addEventListener("abort", end);
      onState = (state) => {
        switch (state) {
          case "connected":
            if (auth.length === 0 && chroot === "") resolve(true);
            else isServed(session, chroot).then((served) => served && resolve(true), reject);
            return;
          case "connecting":
          case "suspended":
            return;
          case "expired":
            // Without a session to take over, none could expire: the client misread what it met.
            if (identity === undefined) resolve(false);
            else reject(new SessionExpired(EXPIRED, `the session ${identity.id} is gone`));
            return;
          case "closed":
            if (session.authFailed) reject(new AuthFailed(AUTH_FAILED, refusalOf(connect, auth)));
            else resolve(false);
            return;
          default:
            state satisfies never;
        }
      };
      session.on("state", onState);
      const [first, ...others] = route.accepting.map(hostAndPort);
      const isLast = mute.size >= MUTE || others.every((name) => mute.has(name));
      const look = () => {
        const answers = session.state === "connected" || session.associating;
        if (answers && isLast) {
          wait(PATIENCE_MS);
          return;
        }
        if (answers && first !== undefined) mute.add(first);
        resolve(false);
      };
      // A thread that stood still takes what has arrived meanwhile first: a client that is given up in the
      // middle of its handshake leaves a session on the server.
      const wait = (ms: number) => {
        patience = setTimeout(() => {
          lookNow = setImmediate(look);
        }, ms);
      };
      wait(patienceMs);
      if (session.timeoutMs === NEVER_CAME_UP) resolve(false);
    });
  } finally {
    clearTimeout(patience);
    clearImmediate(lookNow);
    over.removeEventListener("abort", end);
    session.off("state", onState);
  }
}

/**
 * Whether the server has answered everything sent before. The client reports the first answer to credentials as
 * the answer to all of them; if others are refused, that comes later, and ends the session.
 * @throws {NoNode} when there is no such chroot
 */
async function isServed(session: NativeSession, chroot: string): Promise<boolean> {
  let root: unknown;
  try {
    root = await session.exists("/");
  } catch (error) {
    if (error instanceof TryAgain) {
      await delay(PAUSE_MS);
      return isServed(session, chroot);
    }
    // A refusal of this call is an answer as well. After a lost connection, the next one is asked again.
    return !(error instanceof OutcomeUnknown || error instanceof AuthFailed);
  }
  if (root === undefined) throw new NoNode(NO_NODE, `the chroot ${chroot} does not exist; create it first`);
  return true;
}

function refusalOf(connect: string, auth: readonly Auth[]): string {
  const schemes = auth.map(({ scheme }) => scheme).join(", ");
  return `${connect} refuses the credentials (${schemes}); check them, and that its servers know the scheme`;
}

function timedOut(
  { connect, connectTimeoutMs = CONNECT_TIMEOUT_MS }: OpenOptions,
  { unresolved, located }: Servers,
  secured: readonly string[],
): ConnectTimeout {
  const what = `no session with ${connect} within ${connectTimeoutMs} ms`;
  const names = `${unresolved.join(", ")} did not resolve; check the names, and that the DNS answers`;
  if (!located) return new ConnectTimeout(0, `${what}: ${names}`);
  if (secured.length > 0) return new ConnectTimeout(0, `${what}: ${tlsWords(secured)}`);
  return new ConnectTimeout(
    0,
    `${what}; check that a ZooKeeper server answers there, and that its maxClientCnxns (60 per address, by default) ` +
      `leaves room${unresolved.length === 0 ? "" : `; and ${names}`}`,
  );
}
