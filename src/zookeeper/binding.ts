/**
 * Loads the addon of the `zookeeper` package, as a separate copy for each thread.
 *
 * The addon keeps V8 handles in C++ statics, so a second thread that loads the same file overwrites those of
 * the first and the process aborts (node-zookeeper issue 281). The dynamic loader identifies libraries by
 * inode: a real copy has separate statics, a link has not.
 *
 * The package's JavaScript layer is left out: it formats a log line at every call, whether read or not.
 */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isMainThread } from "node:worker_threads";
import { LabError } from "../lab-error.ts";
import { messageOf } from "../thrown.ts";
import { NO_CODE, permitsCode } from "./code-folder.ts";
import type { Stat } from "./session.ts";

export interface NativeConfig {
  readonly connect: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** 0 is silent; from 1 on the C code writes to file descriptor 2, bypassing Node's streams. */
  readonly debug_level: number;
  readonly host_order_deterministic: boolean;
  /** Partial socket reads in a row before the addon assumes that the session has expired. */
  readonly response_counter_limit: number;
  readonly client_id?: string;
  readonly client_password?: string;
}

export interface NativeAcl {
  /** The addon reads only this name, though it calls the field `perms` when it returns an ACL. */
  readonly perm: number;
  readonly scheme: string;
  readonly auth: string;
}

type Done<A extends unknown[]> = (code: number, text: string, ...values: A) => void;
type Watcher = (type: number, state: number, path: string) => void;

/** The client of one session; it cannot be reused. Every call returns a code: 0 when it was sent. */
export interface NativeClient {
  /** How the addon reports `connect`, `connecting` and `close`. */
  emit: (event: string, self: unknown, value: unknown) => void;
  init(config: NativeConfig): void;
  close(): void;
  /** Takes numeric hosts only, without a chroot: the client resolves the list again at each of its events. */
  set_servers(list: string): number;
  a_create(path: string, data: string, flags: number, done: Done<[path: string]>): number;
  a_exists(path: string, watch: boolean, done: Done<[stat: Stat | null]>): number;
  a_get(path: string, watch: boolean, done: Done<[stat: Stat | null, data: Buffer | null]>): number;
  aw_get(path: string, watcher: Watcher, done: Done<[stat: Stat | null, data: Buffer | null]>): number;
  a_get_children(path: string, watch: boolean, done: Done<[names: string[] | null]>): number;
  aw_get_children(path: string, watcher: Watcher, done: Done<[names: string[] | null]>): number;
  a_set(path: string, data: string, version: number, done: Done<[stat: Stat | null]>): number;
  a_set_acl(path: string, version: number, acl: readonly NativeAcl[], done: Done<[]>): number;
  add_auth(scheme: string, credentials: string, done: Done<[]>): number;
  a_delete_(path: string, version: number, done: Done<[]>): number;
  a_sync(path: string, done: Done<[path: string]>): number;
  readonly client_id: string;
  readonly client_password: string;
  /** −1 if the client never came up, as for a host that does not resolve. */
  readonly timeout: number;
  /** A state of the C client (`zookeeper.h`, "State Consts"). */
  readonly state: number;
}

export interface NativeClientClass {
  new (): NativeClient;
  /**
   * Whether the addon stops polling a socket as soon as its client has closed it. With our change to the addon
   * (.yarn/patches) it does; as it is published it keeps the socket's number for a while (placeholder.ts).
   */
  readonly lets_go_of_lost_sockets?: true;
}

const MAJOR = Number.parseInt(process.versions.node, 10);

let loaded: NativeClientClass | undefined;

/**
 * The addon's class for this thread.
 * @param scratch the folder for the copy while it is loaded; a temporary folder by default
 */
export function nativeClient(scratch?: string): NativeClientClass {
  loaded ??= load(scratch);
  return loaded;
}

/** Whether the addon that is installed here has our change; `false` also if none is compiled. */
export function letsGoOfLostSockets(): boolean {
  try {
    return nativeClient().lets_go_of_lost_sockets === true;
  } catch {
    return false;
  }
}

function load(scratch: string | undefined): NativeClientClass {
  const require = createRequire(import.meta.url);
  const packageFile = require.resolve("zookeeper/package.json");
  const classOf = (file: string) => (require(file) as { ZooKeeper: NativeClientClass }).ZooKeeper;
  const original = compiled(() => {
    // On some platforms the package ships prebuilt files: this finds the right file on all.
    const findAddon = createRequire(packageFile)("node-gyp-build") as { path(folder: string): string };
    return findAddon.path(dirname(packageFile));
  });
  if (isMainThread) return compiled(() => classOf(original));

  const parent = scratch ?? tmpdir();
  const folder = temporaryFolder(parent);
  try {
    const copy = join(folder, "zookeeper.node");
    copyFileSync(original, copy);
    return compiled(() => classOf(copy));
  } catch (cause) {
    if (!permitsCode(folder)) throw new Error(`${parent} ${NO_CODE}`, { cause });
    throw cause;
  } finally {
    // Once the copy is loaded it may go; if the system does not permit that, it goes later with the scratch
    // folder.
    rmSync(folder, { recursive: true, force: true });
  }
}

function temporaryFolder(parent: string): string {
  try {
    return mkdtempSync(join(parent, "zk-election-lab-client-"));
  } catch (cause) {
    throw new Error(
      `the native client needs a folder for temporary files (${messageOf(cause)}); set TMPDIR to one`,
      {
        cause,
      },
    );
  }
}

/**
 * The file is missing after an installation without scripts, and does not fit another version of Node or
 * another system.
 */
function compiled<T>(load: () => T): T {
  try {
    return load();
  } catch (cause) {
    // In a clone the patch is there.
    const patch = MAJOR >= 26 ? "; with Node 26 also a patch: see docs/platforms.md in zk-election-lab" : "";
    throw new LabError(
      "unavailable",
      `the native client of the package zookeeper is not compiled for Node ${process.versions.node}; run: ` +
        `npm rebuild zookeeper (it needs make, a C++ compiler and Python 3${patch})`,
      { cause },
    );
  }
}
