/** `yarn start:zookeeper`: one real server in the foreground, until Ctrl-C. */
import { access, constants } from "node:fs/promises";
import { resolve } from "node:path";
import getPort from "get-port";
import { findDistribution } from "../ensemble/distribution.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { launchServer } from "../ensemble/server.ts";
import { LabError } from "../lab-error.ts";
import { makeFolder } from "../make-folder.ts";
import type { ServerCommandOptions } from "../options/server.ts";
import { unwritable } from "../unwritable.ts";

/** The tick of ZooKeeper's own sample configuration. */
const TICK_TIME_MS = 2000;

/** Settles when the signal has ended the server. */
export async function runZookeeper(
  { port, data, zookeeperHome, zookeeperVersion }: ServerCommandOptions,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const distribution = await findDistribution({
    ...(zookeeperHome !== undefined && { home: zookeeperHome }),
    ...(zookeeperVersion !== undefined && { version: zookeeperVersion }),
  });
  if ((await getPort({ port, host: "127.0.0.1" })) !== port) {
    const rights = port < 1024 ? ", or a port below 1024 needs more rights" : "";
    throw new LabError(
      "unavailable",
      `--port ${port}: something already listens there${rights}; name another --port`,
    );
  }
  if (data !== undefined) await checkWritable(data);
  const scratch = await Scratch.create();
  try {
    const { serving, exited } = await launchServer(scratch, {
      distribution,
      port,
      tickTimeMs: TICK_TIME_MS,
      fsync: true,
      ...(data !== undefined && { dataFolder: resolve(data) }),
    });
    const version = await serving();
    const where = data === undefined ? "its data is temporary" : `its data is in ${data}`;
    print(`ZooKeeper ${version} serves on 127.0.0.1:${port}; ${where}`);
    print("Ctrl-C ends it");
    const stopped = new Promise<undefined>((done) => {
      if (signal.aborted) done(undefined);
      signal.addEventListener("abort", () => done(undefined), { once: true });
    });
    const reason = await Promise.race([exited, stopped]);
    if (reason !== undefined) throw new LabError("unavailable", `the server ended by itself: ${reason}`);
  } finally {
    await scratch[Symbol.asyncDispose]();
  }
  print("the server has ended");
}

/** The server itself would report it with a stack trace. */
async function checkWritable(data: string): Promise<void> {
  try {
    await makeFolder(data);
    await access(data, constants.W_OK);
  } catch (cause) {
    throw unwritable(`--data ${data}`, cause, "name another folder");
  }
}
