/** The user's own ensemble, used below one znode of the run, which is removed afterwards. */
import { connect as connectSocket } from "node:net";
import { LabError } from "../lab-error.ts";
import { NodeExists, NoNode, NotEmpty, ZooKeeperError } from "../zookeeper/errors.ts";
import { type NativeSession, openSession } from "../zookeeper/native-session.ts";
import type { Session } from "../zookeeper/session.ts";
import { COORDINATOR_TIMEOUT_MS, type Ensemble } from "./ensemble.ts";
import { type Address, ask, versionOf } from "./four-letter-word.ts";

export interface ExternalOptions {
  /** `host:port,…[/chroot]` */
  readonly connect: string;
  /** The session timeouts that the run is going to ask for. */
  readonly sessionTimeoutsMs: readonly number[];
  readonly runId: string;
}

const DEFAULT_PORT = 2181;
const DEFAULT_ROOT = "/zk-election-lab";
const CONNECT_TIMEOUT_MS = 8000;

export interface ConnectString {
  readonly servers: readonly Address[];
  /** Empty without one. */
  readonly chroot: string;
}

/** @throws {LabError} `usage` when it does not read `host:port,…[/chroot]` */
export function parseConnect(text: string): ConnectString {
  const slash = text.indexOf("/");
  const chroot = slash === -1 ? "" : text.slice(slash).replace(/\/$/, "");
  const hosts = slash === -1 ? text : text.slice(0, slash);
  const servers = hosts.split(",").map((part) => {
    const [, bracketed, plain, port = String(DEFAULT_PORT)] =
      /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+))(?::(\d{1,5}))?$/.exec(part.trim()) ?? [];
    const host = bracketed ?? plain;
    if (host === undefined || Number(port) < 1 || Number(port) > 65_535) {
      throw new LabError(
        "usage",
        `--connect ${text}: "${part}" is not host:port; write host:port,…[/chroot]`,
      );
    }
    return { host, port: Number(port) };
  });
  if (/\/\/|\/\.\.?(\/|$)/.test(chroot)) {
    throw new LabError("usage", `--connect ${text}: "${chroot}" is not a znode's path`);
  }
  return { servers, chroot };
}

/**
 * @throws {LabError} `unavailable` when no server answers, `usage` when the ensemble grants another session
 * timeout than the one asked for
 */
export async function connectExternal(options: ExternalOptions): Promise<Ensemble> {
  const { servers, chroot } = parseConnect(options.connect);
  await someoneListens(servers, options.connect);
  const connect = servers
    .map(({ host, port }) => `${host.includes(":") ? `[${host}]` : host}:${port}`)
    .join(",");
  for (const ms of options.sessionTimeoutsMs) await checkTimeout(connect, ms);
  const session = await open(connect, COORDINATOR_TIMEOUT_MS);
  try {
    const root = `${chroot || DEFAULT_ROOT}/${options.runId}`;
    const made = await createPath(session, root);
    // The server removes containers that have become empty, as this one is between two trials.
    made.push(await session.create(`${root}/coordinator`, "", "ephemeral"));
    return {
      connect,
      root,
      servers,
      pids: [],
      version: await versionOfAny(servers),
      embedded: false,
      tickTimeMs: null,
      forceSync: null,
      session,
      // Its servers are not ours to watch.
      ended: new Promise(() => undefined),
      close: async () => {
        try {
          await removeAll(session, made);
        } finally {
          await session.close();
        }
      },
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function open(connect: string, timeoutMs: number): Promise<NativeSession> {
  try {
    return await openSession({ connect, timeoutMs, connectTimeoutMs: CONNECT_TIMEOUT_MS });
  } catch (cause) {
    if (!(cause instanceof ZooKeeperError)) throw cause;
    throw new LabError("unavailable", `--connect: ${cause.message}`, { cause });
  }
}

/** A server answers with the nearest timeout that its configuration permits. */
async function checkTimeout(connect: string, ms: number): Promise<void> {
  const session = await open(connect, ms);
  const granted = session.timeoutMs;
  await session.close();
  if (granted === ms) return;
  throw new LabError(
    "usage",
    `--session-timeout ${ms}: the ensemble grants ${granted} ms instead; ask for that, or change its ` +
      "minSessionTimeout and maxSessionTimeout",
  );
}

/** The client itself is silent about why it cannot connect; a plain socket tells at once. */
async function someoneListens(servers: readonly Address[], connect: string): Promise<void> {
  const failures = await Promise.all(
    servers.map(
      ({ host, port }) =>
        new Promise<string | undefined>((resolve) => {
          const socket = connectSocket({ host, port });
          const timer = setTimeout(() => socket.destroy(new Error("no answer")), CONNECT_TIMEOUT_MS / 2);
          socket.once("connect", () => socket.destroy());
          socket.once("error", (error) => resolve(`${host}:${port}: ${error.message}`));
          socket.once("close", () => {
            clearTimeout(timer);
            resolve(undefined);
          });
        }),
    ),
  );
  const reasons = failures.filter((failure) => failure !== undefined);
  if (reasons.length === servers.length) {
    throw new LabError(
      "unavailable",
      `--connect ${connect}: no server can be reached (${reasons.join("; ")}); start one, or leave --connect out`,
    );
  }
}

async function versionOfAny(servers: readonly Address[]): Promise<string | null> {
  for (const server of servers) {
    const version = versionOf(await ask(server, "srvr").catch(() => ""));
    if (version !== undefined) return version;
  }
  return null;
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
      if (!(error instanceof NodeExists)) throw error;
    }
  }
  return made;
}

/** Another run may be using the same parents: those stay. */
async function removeAll(session: Session, made: readonly string[]): Promise<void> {
  for (const path of made.toReversed()) {
    try {
      await session.remove(path);
    } catch (error) {
      if (!(error instanceof NotEmpty || error instanceof NoNode)) throw error;
    }
  }
}
