/**
 * A process with sessions that may have wills, each with an ephemeral znode.
 *
 * Argument: {@link WillProgramOptions} as JSON. Standard input: one {@link WillProgramOrder} per line. Standard
 * output: one {@link WillProgramMessage} per line.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { isMainThread, Worker } from "node:worker_threads";
import type { NativeSession, SessionIdentity } from "../zookeeper/native-session.ts";
import { openSession } from "../zookeeper/open-session.ts";

export interface WillProgramOptions {
  readonly connect: string;
  readonly timeoutMs: number;
  readonly will?: boolean | string;
}

export type WillProgramOrder =
  /** `will` replaces the program's own. */
  | { readonly type: "open"; readonly znode: string; readonly will?: false }
  | { readonly type: "open-in-worker" }
  | { readonly type: "close"; readonly znode: string }
  /** Starts a process that outlives this one. */
  | { readonly type: "spawn" }
  /** Ends without a close. */
  | { readonly type: "exit" };

export type WillProgramMessage =
  | { readonly type: "opened"; readonly identity: SessionIdentity; readonly pid: number }
  | { readonly type: "closed" }
  | { readonly type: "spawned"; readonly pid: number }
  | { readonly type: "failed"; readonly message: string };

function say(message: WillProgramMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

const sessions = new Map<string, NativeSession>();

async function obey(order: WillProgramOrder, options: WillProgramOptions): Promise<void> {
  switch (order.type) {
    case "open": {
      const { znode, will } = order;
      const session = await openSession({ ...options, ...(will === false && { will }) });
      await session.create(znode, "", "ephemeral");
      sessions.set(znode, session);
      return say({ type: "opened", identity: session.identity, pid: process.pid });
    }
    case "open-in-worker": {
      const { stdin } = new Worker(process.argv[1] ?? "", { argv: process.argv.slice(2), stdin: true });
      stdin?.end(`${JSON.stringify({ type: "open", znode: "/never" } satisfies WillProgramOrder)}\n`);
      return;
    }
    case "close":
      await sessions.get(order.znode)?.close();
      return say({ type: "closed" });
    case "spawn": {
      const child = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
      child.unref();
      return say({ type: "spawned", pid: child.pid ?? 0 });
    }
    case "exit":
      return process.exit(0);
    default:
      return order satisfies never;
  }
}

const options = JSON.parse(process.argv[2] ?? "") as WillProgramOptions;
createInterface({ input: process.stdin })
  .on("line", (line) =>
    obey(JSON.parse(line), options).catch(({ message }) => say({ type: "failed", message })),
  )
  .once("close", () => isMainThread && process.exit(0));
