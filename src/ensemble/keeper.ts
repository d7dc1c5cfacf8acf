/**
 * A separate process that outlives the lab by a moment: it runs the lab's servers and owns its scratch folder,
 * and ends both when its standard input ends, that is, when the lab lets go or is gone, even if it was killed.
 * What the lab did to other servers is undone then.
 *
 * Arguments: the scratch folder. Standard input: one {@link Order} per line. Standard output: one {@link
 * Message} per line.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { liftLimit, removeGroup } from "./control-group.ts";
import { type HookCall, HookCalls } from "./hook-calls.ts";

export type Order =
  | ServerOrder
  | ({ readonly type: "call"; readonly call: number } & HookCall)
  /** Whether the process group of somebody else's process is to be killed in the end. */
  | { readonly type: "guard" | "unguard"; readonly pid: number };

export interface ServerOrder {
  readonly type: "server";
  readonly server: number;
  readonly command: string;
  readonly args: readonly string[];
  /** The working folder. */
  readonly folder: string;
  /** The file that receives the server's output. */
  readonly log: string;
  /** The control group that the command makes for itself; it goes when the process has ended. */
  readonly group?: string;
}

export type Message =
  | { readonly type: "started"; readonly server: number; readonly pid: number }
  | { readonly type: "exited"; readonly server: number; readonly reason: string }
  | { readonly type: "called"; readonly call: number; readonly failure: string | null };

/** A server that does not end when asked is killed after this time. */
const PATIENCE_MS = 1000;

const [, , scratch] = process.argv;
if (scratch === undefined) throw new Error("usage: keeper <scratch folder>");

const running = new Set<ChildProcess>();
/** Process groups of others. */
const guarded = new Set<number>();
/** The servers' control groups. */
const groups = new Set<string>();
const calls = new HookCalls();

function say(message: Message): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function follow(order: Order): void {
  switch (order.type) {
    case "server":
      run(order);
      return;
    case "call":
      calls.run(order).then((failure) => say({ type: "called", call: order.call, failure }));
      return;
    case "guard":
      guarded.add(order.pid);
      return;
    case "unguard":
      guarded.delete(order.pid);
      return;
    default:
      order satisfies never;
  }
}

function run({ server, command, args, folder, log, group }: ServerOrder): void {
  const file = openSync(log, "a");
  const child = spawn(command, args, { cwd: folder, stdio: ["ignore", file, file] });
  closeSync(file);
  running.add(child);
  if (group !== undefined) groups.add(group);
  child.on("spawn", () => {
    if (child.pid !== undefined) say({ type: "started", server, pid: child.pid });
  });
  child.on("error", (error) => {
    running.delete(child);
    say({ type: "exited", server, reason: error.message });
  });
  child.on("exit", (code, signal) => {
    running.delete(child);
    if (group !== undefined) {
      groups.delete(group);
      removeGroup(group);
    }
    say({ type: "exited", server, reason: signal ?? `exit code ${code}` });
  });
}

async function end(): Promise<void> {
  for (const pid of guarded) kill(-pid);
  // Whoever waits for a slow disk cannot be killed.
  for (const group of groups) liftLimit(group);
  const killer = setTimeout(() => {
    for (const child of running) child.kill("SIGKILL");
  }, PATIENCE_MS);
  await Promise.all(
    [...running].map((child) => {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      return gone;
    }),
  );
  clearTimeout(killer);
  if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  for (const words of await calls.settle()) process.stderr.write(`${words}\n`);
  process.exit(0);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

// The lab may already be gone when there is something to say.
process.stdout.on("error", () => undefined);
process.stderr.on("error", () => undefined);
// Ctrl-C reaches every process of a terminal; the lab decides when to end.
process.on("SIGINT", () => undefined);
process.on("SIGHUP", () => undefined);
process.once("SIGTERM", end);
createInterface({ input: process.stdin })
  .on("line", (line) => follow(JSON.parse(line) as Order))
  .once("close", end);
