/**
 * A candidate in a separate process, so that it can stand still while others run. As soon as it runs again it
 * reports what it believes, and acts on its belief: it writes a fenced znode, over a session that has not
 * expired.
 *
 * Arguments: {@link ProgramOptions} as JSON. Standard input: lines that say how long to stand still, in
 * milliseconds; the program ends when it ends. Standard output: one {@link ProgramMessage} per line.
 */
import { createInterface } from "node:readline";
import { Election } from "../election/election.ts";
import { fence } from "../election/fence.ts";
import type { EndReason } from "../election/term.ts";
import { openSession } from "../zookeeper/open-session.ts";

export interface ProgramOptions {
  readonly connect: string;
  readonly timeoutMs: number;
  readonly tickTimeMs: number;
  /** The election's znode. */
  readonly path: string;
  /** The fenced znode. */
  readonly resource: string;
}

/** Times are milliseconds of the system's monotonic clock, which all processes share. */
export type ProgramMessage =
  /** It leads, and has acted. */
  | { readonly type: "ready" }
  | { readonly type: "ended"; readonly at: number; readonly reason: EndReason }
  /** `believes`: it has not been told that its term is over. */
  | { readonly type: "woke"; readonly at: number; readonly valid: boolean; readonly believes: boolean }
  /** The outcome of the write, by the name of the error. */
  | { readonly type: "acted"; readonly outcome: string };

/** If a timer is this late, the process stood still. */
const STANDSTILL_MS = 500;
const LOOK_MS = 20;

function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function say(message: ProgramMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function run({ connect, timeoutMs, tickTimeMs, path, resource }: ProgramOptions): Promise<void> {
  const lasting = await openSession({ connect, timeoutMs: 60_000 });
  const session = await openSession({ connect, timeoutMs });
  const election = new Election(session, { path, tickTimeMs });
  election.on("ended", (_, reason) => say({ type: "ended", at: now(), reason }));
  const term = await election.campaign();
  const write = (data: string) => fence(term.token).write(lasting, resource, data);
  await write("in time");

  /** The very first instructions after the standstill evaluate the arguments. */
  const woke = async (valid: boolean, believes: boolean) => {
    say({ type: "woke", at: now(), valid, believes });
    const outcome = await write("too late").then(
      () => "written",
      (error: Error) => error.name,
    );
    say({ type: "acted", outcome });
  };

  let looked = now();
  const looking = setInterval(() => {
    const { valid } = term;
    if (now() - looked > STANDSTILL_MS) void woke(valid, !term.signal.aborted);
    looked = now();
  }, LOOK_MS);

  say({ type: "ready" });
  createInterface({ input: process.stdin })
    .on("line", (ms) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(ms));
      const { valid } = term;
      looked = now();
      void woke(valid, !term.signal.aborted);
    })
    .once("close", async () => {
      clearInterval(looking);
      await session.close();
      await lasting.close();
    });
}

void run(JSON.parse(process.argv[2] ?? "") as ProgramOptions);
