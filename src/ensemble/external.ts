/** The user's own ensemble, used below one znode of the run, which is removed afterwards. */
import { LabError } from "../lab-error.ts";
import { type Address, type ConnectString, hostAndPort } from "../zookeeper/connect-string.ts";
import { AuthRequired, NoAuth, NodeExists, NoNode, NotEmpty, ZooKeeperError } from "../zookeeper/errors.ts";
import type { NativeSession } from "../zookeeper/native-session.ts";
import type { Auth } from "../zookeeper/open-options.ts";
import { openSession } from "../zookeeper/open-session.ts";
import type { Session } from "../zookeeper/session.ts";
import { parseConnectFlag } from "./connect-flag.ts";
import { type Crowd, checkConnectionLimit } from "./connection-limit.ts";
import { createContainer } from "./container.ts";
import { COORDINATOR_TIMEOUT_MS, CoordinatorSession, STRUCK_PATIENCE_MS } from "./coordinator-session.ts";
import type { Ensemble } from "./ensemble.ts";
import { ask, someoneAnswers, versionOf } from "./four-letter-word.ts";
import { leftBehind, type Reason } from "./left-behind.ts";
import { foreignMember } from "./member.ts";
import { Monitors } from "./monitors.ts";
import { isUnanswered, isWithinReach } from "./patiently.ts";
import { inWords } from "./refusal.ts";
import type { ServerHook } from "./server-hook.ts";

export interface ExternalOptions {
  /** `host:port,…[/chroot]` */
  readonly connect: string;
  /** The credentials of every session of the run. */
  readonly auth: readonly Auth[];
  /** The session timeouts that the run is going to ask for. */
  readonly sessionTimeoutsMs: readonly number[];
  readonly crowd: Crowd;
  readonly runId: string;
  /** Strikes its servers, if they may be struck. */
  readonly hook?: ServerHook | undefined;
}

const DEFAULT_ROOT = "/zk-election-lab";
const CONNECT_TIMEOUT_MS = 8000;

/**
 * @throws {LabError} `unavailable` when no server answers, or too few connections are allowed; `usage` when the
 * ensemble grants another session timeout than the one asked for
 */
export async function connectExternal(options: ExternalOptions): Promise<Ensemble> {
  const place = parseConnectFlag(options.connect);
  await someoneAnswers(place.servers, "start one, or leave --connect out");
  await checkConnectionLimit(place.servers, options.crowd);
  await options.hook?.check(place.servers);
  const where = `--connect ${options.connect}`;
  try {
    return await begin(place, where, options);
  } catch (error) {
    throw inWords(where, error);
  }
}

async function begin(
  { servers, hosts: connect, chroot }: ConnectString,
  where: string,
  { auth, sessionTimeoutsMs, runId, hook }: ExternalOptions,
): Promise<Ensemble> {
  for (const ms of sessionTimeoutsMs) await checkTimeout({ connect, auth, ms });
  const version = await versionOfAny(servers);
  const root = `${chroot || DEFAULT_ROOT}/${runId}`;
  /** The containers that were created, the deepest last; some appear twice, if they had gone. */
  const made: string[] = [];
  const takeOurs = (session: Session) => takePlace({ session, version }, root, made);
  const struck = hook === undefined ? {} : { patienceMs: STRUCK_PATIENCE_MS };
  const session = await open({ connect, auth, ms: struck.patienceMs ?? COORDINATOR_TIMEOUT_MS });
  // Containers that had become empty may have gone with the session.
  const coordinator = new CoordinatorSession(session, { connect, root, ...struck, prepare: takeOurs });
  let cleared: Cleared | undefined;
  const left = () => {
    const { znodes, reason } = cleared ?? { znodes: deepestFirst(made), reason: "ended" };
    return leftBehind(where, znodes, reason);
  };
  const close = async () => {
    try {
      cleared = await removeAll(coordinator.session, root, made);
    } finally {
      await coordinator.close();
    }
  };
  try {
    await takeOurs(session);
    return {
      connect,
      // Each session tries the servers in random order.
      connectFor: () => connect,
      auth,
      root,
      members: servers.map((server) => foreignMember(server, hook?.controlsOf(server))),
      monitors: new Monitors(servers),
      version,
      embedded: false,
      tickTimeMs: null,
      forceSync: null,
      setUp: { spread: null, jvmOptions: [], zooCfg: [] },
      ...struck,
      get session() {
        return coordinator.session;
      },
      revive: () => coordinator.revive(),
      // These servers are not ours to watch.
      ended: new Promise(() => undefined),
      close,
      get left() {
        return left();
      },
    };
  } catch (error) {
    // The reason why it could not begin matters more than why it could not clean up.
    await close().catch(() => undefined);
    throw withLeft(inWords(where, error), left());
  }
}

/** A session to ask for. */
interface Wish {
  readonly connect: string;
  readonly auth: readonly Auth[];
  /** Its timeout. */
  readonly ms: number;
}

function open({ connect, auth, ms }: Wish): Promise<NativeSession> {
  return openSession({ connect, auth, timeoutMs: ms, connectTimeoutMs: CONNECT_TIMEOUT_MS });
}

/** A server answers with the nearest timeout that its configuration permits. */
async function checkTimeout(wish: Wish): Promise<void> {
  const { ms } = wish;
  const session = await open(wish);
  const granted = session.timeoutMs;
  await session.close();
  if (granted === ms) return;
  throw new LabError(
    "usage",
    `--session-timeout ${ms}: the ensemble grants ${granted} ms instead; ask for that, or change its ` +
      "minSessionTimeout and maxSessionTimeout",
  );
}

/** The first version reported: another server may not answer at all. */
async function versionOfAny(servers: readonly Address[]): Promise<string | null> {
  const versions = servers.map(async (server) => {
    const version = versionOf(await ask(server, "srvr"));
    if (version === undefined) throw new Error(`${hostAndPort(server)} does not report its version`);
    return version;
  });
  return Promise.any(versions).catch(() => null);
}

/** @param made receives the znodes that were created, even if the rest of them cannot be */
async function takePlace(
  ensemble: Pick<Ensemble, "session" | "version">,
  root: string,
  made: string[],
): Promise<void> {
  await createPath(ensemble, root, made);
  // The server removes empty containers, and this one is empty between two trials.
  await ensemble.session.create(coordinatorOf(root), "", "ephemeral");
}

function coordinatorOf(root: string): string {
  return `${root}/coordinator`;
}

/**
 * Creates the missing parts of the path, as containers.
 * @param made see {@link takePlace}
 */
async function createPath(
  ensemble: Pick<Ensemble, "session" | "version">,
  path: string,
  made: string[],
): Promise<void> {
  const names = path.split("/").slice(1);
  for (let depth = 1; depth <= names.length; depth++) {
    const part = `/${names.slice(0, depth).join("/")}`;
    try {
      made.push(await createContainer(ensemble, part));
    } catch (error) {
      if (error instanceof NodeExists) continue;
      if (!(error instanceof NoAuth)) throw error;
      // Without permission to create, the server refuses before it checks whether the znode exists.
      if (part === path || error instanceof AuthRequired || !(await mayExist(ensemble.session, part)))
        throw error;
    }
  }
}

/** Some servers do not tell clients that may not read it. */
async function mayExist(session: Session, path: string): Promise<boolean> {
  try {
    return (await session.exists(path)) !== undefined;
  } catch (error) {
    if (error instanceof NoAuth) return true;
    throw error;
  }
}

function deepestFirst(made: readonly string[]): string[] {
  return [...new Set(made.toReversed())];
}

/** The znodes that could not be removed, the deepest first, and why. */
interface Cleared {
  readonly znodes: readonly string[];
  readonly reason: Reason;
}

/** Another run may be using the same parents: those stay, and do not count as left behind. */
async function removeAll(session: Session, root: string, made: readonly string[]): Promise<Cleared> {
  const all = deepestFirst(made);
  if (!(await isWithinReach(session))) return { znodes: all, reason: "out-of-reach" };
  const left: string[] = [];
  try {
    // It would go with its session, but only after its parent.
    let refusal = await refusalOf(session, coordinatorOf(root));
    for (const znode of all) {
      const own = await refusalOf(session, znode);
      const ofOthers = own instanceof NotEmpty && znode !== root && left.length === 0;
      if (own === undefined || ofOthers) continue;
      refusal ??= own;
      left.push(znode);
    }
    return {
      znodes: left,
      reason: refusal === undefined || refusal instanceof NotEmpty ? "in-use" : refusal,
    };
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    return { znodes: all, reason: "out-of-reach" };
  }
}

/**
 * Removes the znode if it is there.
 * @returns why it still is
 */
async function refusalOf(session: Session, znode: string): Promise<ZooKeeperError | undefined> {
  try {
    await session.remove(znode);
  } catch (error) {
    if (!(error instanceof ZooKeeperError) || isUnanswered(error)) throw error;
    if (!(error instanceof NoNode)) return error;
  }
  return undefined;
}

/** Adds what is left behind if a run could not begin. */
function withLeft(error: unknown, left: LabError | undefined): unknown {
  if (left === undefined || !(error instanceof LabError)) return error;
  return new LabError(error.code, `${error.message}; ${left.message}`, { cause: error });
}
