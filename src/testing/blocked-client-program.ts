/**
 * A session whose thread stands still between an answer and the next call, while its connection is reset: the
 * call meets the reset before the client can be told about it.
 *
 * Argument: a connect string. Standard output: `blocked`, when there is half a second to reset the connection;
 * then one {@link BlockedMessage} with the outcome. The program ends when its standard input ends.
 */
import { openSession } from "../zookeeper/open-session.ts";
import type { SessionState } from "../zookeeper/session.ts";

const BLOCKED_MS = 500;

export type BlockedMessage =
  | { readonly type: "blocked" }
  | {
      readonly type: "answered";
      readonly states: readonly SessionState[];
      /** The time from the call to the answer. */
      readonly ms: number;
      readonly error: string | undefined;
    };

function say(message: BlockedMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function run(connect: string): Promise<void> {
  const session = await openSession({ connect, timeoutMs: 20_000 });
  const states: SessionState[] = [];
  session.on("state", (state) => states.push(state));
  await session.exists("/");
  // This runs after the addon is done with the answer, and before the loop waits for anything.
  setImmediate(async () => {
    say({ type: "blocked" });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BLOCKED_MS);
    const before = performance.now();
    const error = await session.exists("/").then(() => undefined, String);
    say({ type: "answered", states, ms: performance.now() - before, error });
  });
  process.stdin.resume().once("end", () => session.close());
}

void run(JSON.parse(process.argv[2] ?? "") as string);
