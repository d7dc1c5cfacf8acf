/** The user's own ensemble, used below one znode of the run, which is removed afterwards. */
import { LabError } from "../lab-error.ts";
import { type Address, nameOf } from "../zookeeper/connect-string.ts";
import { AuthRequired, NoAuth, NodeExists, NoNode, NotEmpty, ZooKeeperError } from "../zookeeper/errors.ts";
import type { NativeSession } from "../zookeeper/native-session.ts";
import { type Auth, openSession } from "../zookeeper/open-session.ts";
import type { Session } from "../zookeeper/session.ts";
import { parseConnectFlag } from "./connect-flag.ts";
import { COORDINATOR_TIMEOUT_MS, CoordinatorSession } from "./coordinator-session.ts";
import { credentialsHelp, notOpened } from "./credentials.ts";
import type { Ensemble } from "./ensemble.ts";
import { ask, someoneAnswers, versionOf } from "./four-letter-word.ts";
import { Monitors } from "./monitors.ts";
import { isUnanswered, isWithinReach } from "./patiently.ts";

export interface ExternalOptions {
  /** `host:port,…[/chroot]` */
  readonly connect: string;
  /** Of every session of the run. */
  readonly auth: readonly Auth[];
  /** The session timeouts that the run is going to ask for. */
  readonly sessionTimeoutsMs: readonly number[];
  readonly runId: string;
}

const DEFAULT_ROOT = "/zk-election-lab";
const CONNECT_TIMEOUT_MS = 8000;

/**
 * @throws {LabError} `unavailable` when no server answers, `usage` when the ensemble grants another session
 * timeout than the one asked for
 */
export async function connectExternal(options: ExternalOptions): Promise<Ensemble> {
  const { servers, hosts: connect, chroot } = parseConnectFlag(options.connect);
  await someoneAnswers(servers, "start one, or leave --connect out");
  const { auth } = options;
  for (const ms of options.sessionTimeoutsMs) await checkTimeout({ connect, auth, ms });
  const session = await open({ connect, auth, ms: COORDINATOR_TIMEOUT_MS });
  try {
    const root = `${chroot || DEFAULT_ROOT}/${options.runId}`;
    const made = await takePlace(session, root);
    // Containers that had become empty may have gone with the session.
    const coordinator = new CoordinatorSession(session, root, (again) => takePlace(again, root));
    return {
      connect,
      auth,
      root,
      servers,
      monitors: new Monitors(servers),
      pids: [],
      jvms: [],
      version: await versionOfAny(servers),
      embedded: false,
      tickTimeMs: null,
      forceSync: null,
      get session() {
        return coordinator.session;
      },
      revive: () => coordinator.revive(),
      // Its servers are not ours to watch.
      ended: new Promise(() => undefined),
      close: async () => {
        try {
          await removeAll(coordinator.session, made);
        } finally {
          await coordinator.close();
        }
      },
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** A session to ask for. */
interface Wish {
  readonly connect: string;
  readonly auth: readonly Auth[];
  /** Its timeout. */
  readonly ms: number;
}

async function open({ connect, auth, ms }: Wish): Promise<NativeSession> {
  try {
    return await openSession({ connect, auth, timeoutMs: ms, connectTimeoutMs: CONNECT_TIMEOUT_MS });
  } catch (cause) {
    if (!(cause instanceof ZooKeeperError)) throw cause;
    throw notOpened(connect, cause);
  }
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

/** Of whoever tells it first: another may not answer at all. */
async function versionOfAny(servers: readonly Address[]): Promise<string | null> {
  const versions = servers.map(async (server) => {
    const version = versionOf(await ask(server, "srvr"));
    if (version === undefined) throw new Error(`${nameOf(server)} does not tell its version`);
    return version;
  });
  return Promise.any(versions).catch(() => null);
}

/** @returns the znodes that were made, the deepest last */
async function takePlace(session: Session, root: string): Promise<string[]> {
  const made = await createPath(session, root);
  // The server removes containers that have become empty, as this one is between two trials.
  made.push(await session.create(`${root}/coordinator`, "", "ephemeral"));
  return made;
}

/**
 * Creates what is missing of the path, as containers: should this process be killed, the server itself
 * removes them when they are empty (ZooKeeper 3.5.3 and newer).
 * @returns the znodes that were made, the deepest last
 */
async function createPath(session: Session, path: string): Promise<string[]> {
  const made: string[] = [];
  const names = path.split("/").slice(1);
  for (let depth = 1; depth <= names.length; depth++) {
    const part = `/${names.slice(0, depth).join("/")}`;
    try {
      await session.create(part, "", "container");
      made.push(part);
    } catch (error) {
      if (error instanceof NodeExists) continue;
      if (!(error instanceof NoAuth)) throw error;
      // Whoever may not create anything there is refused before the server looks whether it exists.
      if (part === path || error instanceof AuthRequired || !(await mayExist(session, part)))
        throw notPermitted(part, error);
    }
  }
  return made;
}

/** Some servers do not tell whoever may not read it. */
async function mayExist(session: Session, path: string): Promise<boolean> {
  try {
    return (await session.exists(path)) !== undefined;
  } catch (error) {
    if (error instanceof NoAuth) return true;
    throw error;
  }
}

function notPermitted(path: string, cause: NoAuth): LabError {
  return new LabError(
    "usage",
    `--connect: the ensemble does not permit this session to create ${path}; name a chroot where you may, as ` +
      `in host:port/chroot, or say in the environment who you are: ${credentialsHelp}`,
    { cause },
  );
}

/**
 * Another run may be using the same parents: those stay. Where no server answers any more, all stay until one does: the
 * session ends by itself then, and the empty containers go.
 */
async function removeAll(session: Session, made: readonly string[]): Promise<void> {
  if (!(await isWithinReach(session))) return;
  for (const path of made.toReversed()) {
    try {
      await session.remove(path);
    } catch (error) {
      if (isUnanswered(error)) return;
      if (!(error instanceof NotEmpty || error instanceof NoNode)) throw error;
    }
  }
}
