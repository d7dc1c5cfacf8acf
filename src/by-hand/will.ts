/**
 * `zk-election-lab will`: a keeper of wills for several processes, as in a container whose processes are all
 * killed together: another container of the same pod holds this one (wills.ts says why that is safe).
 */
import { chmod, rm, stat } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { LabError } from "../lab-error.ts";
import type { WillOptions } from "../options/will.ts";
import { messageOf } from "../thrown.ts";
import { keepWills } from "../zookeeper/estate.ts";
import { rehearse } from "../zookeeper/rehearsal.ts";
import { settle } from "../zookeeper/settle.ts";

/** Only the user's own processes may hand sessions over, and nobody else may read the socket. */
const OWNERS_ONLY = 0o600;

/** @throws {LabError} `unavailable` when it cannot listen there */
export async function runWill(
  { socket }: WillOptions,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const kept = new Set<Promise<void>>();
  const open = new Set<Socket>();
  const server = createServer((connection) => {
    open.add(connection);
    connection.once("close", () => open.delete(connection));
    const keeping = keepWills(connection, connection, settle).finally(() => kept.delete(keeping));
    kept.add(keeping);
  });
  await listen(server, socket);
  await rehearse();
  print(`keeps wills at ${socket}`);
  if (!signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  // This removes the socket.
  server.close();
  // Whoever still holds a connection lives, and its sessions are its own.
  for (const connection of open) connection.destroy();
  await Promise.all(kept);
}

async function listen(server: Server, socket: string): Promise<void> {
  await removeStale(socket);
  const before = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(socket, resolve);
    });
    await chmod(socket, OWNERS_ONLY);
  } catch (cause) {
    throw new LabError("unavailable", `--socket ${socket}: cannot listen there (${messageOf(cause)})`, {
      cause,
    });
  } finally {
    process.umask(before);
  }
}

/** A keeper that was killed leaves its socket behind; one that answers is still there. */
async function removeStale(socket: string): Promise<void> {
  const found = await stat(socket).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isSocket())
    throw new LabError(
      "unavailable",
      `--socket ${socket}: something else is there; give a path that is free`,
    );
  const refused = await new Promise<boolean>((resolve) => {
    const probe = connect(socket);
    probe.once("connect", () => {
      probe.destroy();
      resolve(false);
    });
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "ECONNREFUSED"));
  });
  if (refused) await rm(socket, { force: true });
}
