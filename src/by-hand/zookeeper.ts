/** `yarn start:zookeeper`: real servers in the foreground, until Ctrl-C. */
import { access, constants } from "node:fs/promises";
import { resolve } from "node:path";
import getPort from "get-port";
import { type LocalMembers, startMembers } from "../ensemble/local-members.ts";
import { connectOf, type LocalMember } from "../ensemble/member.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { LabError } from "../lab-error.ts";
import { makeFolder } from "../make-folder.ts";
import type { ServerCommandOptions } from "../options/server.ts";
import { unwritable } from "../unwritable.ts";
import { hostAndPort } from "../zookeeper/connect-string.ts";

/** The tick of ZooKeeper's own sample configuration. */
const TICK_TIME_MS = 2000;

/** Settles when the signal has ended the servers. */
export async function runZookeeper(
  { port, data, servers, local }: ServerCommandOptions,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const ports = Array.from({ length: servers }, (_, index) => port + index);
  for (const one of ports) await checkFree(port, one);
  if (data !== undefined) await checkWritable(data);
  const scratch = await Scratch.create();
  try {
    const { members, version } = await startMembers(
      scratch,
      { ...local, servers, tickTimeMs: TICK_TIME_MS, fsync: true },
      { ports, ...(data !== undefined && { dataFolder: resolve(data) }) },
    );
    const where = data === undefined ? "is temporary" : `is in ${data}`;
    for (const line of await greeting(members, version, where)) print(line);
    const stopped = new Promise<undefined>((done) => {
      if (signal.aborted) done(undefined);
      signal.addEventListener("abort", () => done(undefined), { once: true });
    });
    const tell = (line: string) => {
      if (!signal.aborted) print(line);
    };
    const reason = await Promise.race([lastEnd(members, tell), stopped]);
    if (reason !== undefined) throw new LabError("unavailable", `the server ended by itself: ${reason}`);
  } finally {
    await scratch[Symbol.asyncDispose]();
  }
  print(servers === 1 ? "the server has ended" : "the servers have ended");
}

async function greeting(members: LocalMembers, version: string, where: string): Promise<string[]> {
  const [{ address }, ...others] = members;
  if (others.length === 0)
    return [`ZooKeeper ${version} serves on ${hostAndPort(address)}; its data ${where}`, "Ctrl-C ends it"];
  const roles = await Promise.all(members.map((member) => member.role()));
  return [
    `ZooKeeper ${version} serves on ${members.length} servers; their data ${where}`,
    ...members.map(
      (member, index) =>
        `  ${hostAndPort(member.address)}  ${(roles[index] ?? "no role yet").padEnd(8)}  pid ${member.process.pid}`,
    ),
    `clients connect with --connect ${connectOf(members)}`,
    "Ctrl-C ends them",
  ];
}

/**
 * Tells of each of several servers that it has ended.
 * @returns why the last one has ended
 */
async function lastEnd(members: LocalMembers, tell: (line: string) => void): Promise<string> {
  let last = "";
  const end = async ({ address, process }: LocalMember) => {
    last = await process.exited;
    if (members.length > 1) tell(`${hostAndPort(address)} has ended: ${last}`);
  };
  await Promise.all(members.map(end));
  return last;
}

/** @param first the port that was asked for */
async function checkFree(first: number, port: number): Promise<void> {
  if ((await getPort({ port, host: "127.0.0.1" })) === port) return;
  const where = port === first ? "there" : `on ${port}`;
  const rights = port < 1024 ? ", or a port below 1024 needs more rights" : "";
  throw new LabError(
    "unavailable",
    `--port ${first}: something already listens ${where}${rights}; name another --port`,
  );
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
