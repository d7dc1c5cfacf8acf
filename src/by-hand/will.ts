/**
 * `zk-election-lab will`: a keeper of wills for several processes, as in a container whose processes are all
 * killed together: another container of the same pod holds this one (wills.ts says why that is safe).
 */
import { chmod, rm, stat } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { LabError } from "../lab-error.ts";
import type { WillOptions } from "../options/will.ts";
import { messageOf } from "../thrown.ts";
import { Estate, parseOrder } from "../zookeeper/estate.ts";

/** Only the user's own processes may hand sessions over, and nobody else may read the socket. */
const OWNERS_ONLY = 0o600;

/** @throws {LabError} `unavailable` when it cannot listen there */
export async function runWill(
  { socket }: WillOptions,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const settling = new Set<Promise<void>>();
  const open = new Set<Socket>();
  const server = createServer((connection) => {
    open.add(connection);
    const estate = new Estate();
    connection.on("error", () => undefined);
    createInterface({ input: connection }).on("line", (line) => {
      try {
        const reply = estate.follow(parseOrder(line));
        if (reply !== undefined) connection.write(`${JSON.stringify(reply)}\n`);
      } catch {
        // Whoever that is speaks something else.
        connection.destroy();
      }
    });
    connection.once("close", () => {
      open.delete(connection);
      // The processes live if this one is asked to end: their sessions are theirs.
      if (signal.aborted) return;
      const settled = estate.settle().finally(() => settling.delete(settled));
      settling.add(settled);
    });
  });
  await listen(server, socket);
  print(`keeps wills at ${socket}`);
  if (!signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  server.close();
  for (const connection of open) connection.destroy();
  await Promise.all(settling);
  await rm(socket, { force: true });
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
  if (!found?.isSocket()) return;
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
