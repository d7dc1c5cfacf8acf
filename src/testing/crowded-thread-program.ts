/**
 * Many sessions in one thread, which lose their connections together.
 *
 * Argument: a connect string, the number of sessions, and their timeout in milliseconds. Standard output: a
 * {@link CrowdMessage} whenever all are connected again, after the last line of standard input, each with an
 * answer of its own. The program ends when its standard input ends.
 */
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import type { NativeSession } from "../zookeeper/native-session.ts";
import { openSession } from "../zookeeper/open-session.ts";

export interface Crowd {
  readonly connect: string;
  readonly sessions: number;
  readonly timeoutMs: number;
}

export interface CrowdMessage {
  readonly type: "together";
  /** How many have been suspended since the last message. */
  readonly suspended: number;
  /** How many have ended; each has been replaced. */
  readonly ended: number;
}

const LOOK_MS = 20;

async function run({ connect, sessions: count, timeoutMs }: Crowd): Promise<void> {
  const suspended = new Set<number>();
  const open = async (index: number) => {
    // Clients that act at the same moments would give each other their numbers in the same order again.
    const own = timeoutMs + Math.round((timeoutMs * ((index * 37) % 100)) / 200);
    const session = await openSession({ connect, timeoutMs: own, connectTimeoutMs: 60_000 });
    session.on("state", (state) => state === "suspended" && suspended.add(index));
    return session;
  };
  const sessions: NativeSession[] = [];
  for (let index = 0; index < count; index++) sessions.push(await open(index));
  const answers = (session: NativeSession) =>
    session.state === "connected"
      ? session.exists("/").then(
          () => true,
          () => false,
        )
      : false;
  const gather = async () => {
    let ended = 0;
    for (;;) {
      for (const [index, session] of sessions.entries()) {
        if (session.state !== "expired" && session.state !== "closed") continue;
        ended++;
        await session.close();
        sessions[index] = await open(index);
      }
      if ((await Promise.all(sessions.map(answers))).every(Boolean)) break;
      await delay(LOOK_MS);
    }
    const message: CrowdMessage = { type: "together", suspended: suspended.size, ended };
    suspended.clear();
    process.stdout.write(`${JSON.stringify(message)}\n`);
  };
  await gather();
  const lines = createInterface({ input: process.stdin });
  for await (const _ of lines) await gather();
  await Promise.all(sessions.map((session) => session.close()));
}

void run(JSON.parse(process.argv[2] ?? "") as Crowd);
