/**
 * Checks how many connections servers accept from one address: `maxClientCnxns`, 60 by default. A server
 * accepts one too many and drops it silently, so the native client reports nothing. Source: ZooKeeper
 * Administrator's Guide, "Cluster Options".
 */
import { setTimeout as delay } from "node:timers/promises";
import { LabError } from "../lab-error.ts";
import { codeOf } from "../thrown.ts";
import { type Address, hostAndPort } from "../zookeeper/connect-string.ts";
import { ask } from "./four-letter-word.ts";

/** The most connections that a run holds at a time. */
export interface Crowd {
  readonly candidates: number;
  /** Sessions of candidates, including those for the counter that their leaders write to. */
  readonly sessions: number;
}

/** The coordinator's connections: its session, and its questions to the servers. */
const OWN = 2;
const REMEDY = "raise it in the servers' zoo.cfg (0 is no limit), or use fewer --candidates";

/**
 * Assumes that servers which do not permit the command `conf` have room.
 * @throws {LabError} `unavailable`, when there is not room for all
 */
export async function checkConnectionLimit(
  servers: readonly Address[],
  { candidates, sessions }: Crowd,
): Promise<void> {
  const limits = await Promise.all(servers.map(limitOf));
  const room = limits.reduce((sum, limit) => sum + limit, 0);
  const need = sessions + OWN;
  if (need <= room) return;
  const names = servers.map((server, index) => `${limits[index]} at ${hostAndPort(server)}`).join(", ");
  throw new LabError(
    "unavailable",
    `--candidates ${candidates}: they need ${need} connections, but maxClientCnxns is ${names}; ${REMEDY}`,
  );
}

async function limitOf(server: Address): Promise<number> {
  const answer = await ask(server, "conf").catch(() => "");
  const limit = Number(/^maxClientCnxns=(\d+)$/m.exec(answer)?.[1] ?? 0);
  return limit === 0 ? Number.POSITIVE_INFINITY : limit;
}

/** The time without another connection after which to ask the servers whether they accept any. */
const PATIENCE_MS = 2000;

/**
 * Watches a crowd that connects.
 * @param connected the number that have done so by now
 * @param over ends the watching
 * @throws {LabError} `unavailable`, when the servers hang up on all others
 */
export async function untilFull(
  servers: readonly Address[],
  connected: () => number,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    const before = connected();
    await delay(PATIENCE_MS, undefined, { signal: over }).catch(() => undefined);
    if (before !== connected() || over.aborted) continue;
    if ((await hangUp(servers)) && before === connected() && !over.aborted)
      throw new LabError(
        "unavailable",
        `${before} candidates have joined, and the servers hang up on the next one: it is one too many for their ` +
          `maxClientCnxns (60 per address, by default); ${REMEDY}`,
      );
  }
}

/** Whether all servers that can be reached hang up. */
async function hangUp(servers: readonly Address[]): Promise<boolean> {
  const answers = await Promise.all(servers.map(answerOf));
  return answers.includes("hangs up") && !answers.includes("answers");
}

async function answerOf(server: Address): Promise<"answers" | "hangs up" | "is out of reach"> {
  try {
    return (await ask(server, "srvr", { awakeMs: PATIENCE_MS })) === "" ? "hangs up" : "answers";
  } catch (error) {
    return ["ECONNRESET", "EPIPE"].includes(codeOf(error) ?? "") ? "hangs up" : "is out of reach";
  }
}
