/** `yarn start:client`: one candidate in this terminal, which says whatever changes. */
import { setTimeout as delay } from "node:timers/promises";
import { Election, type ElectionState } from "../election/election.ts";
import { schemes } from "../election/scheme.ts";
import { LabError } from "../lab-error.ts";
import type { ClientCommandOptions } from "../options.ts";
import { ConnectTimeout, ZooKeeperError } from "../zookeeper/errors.ts";
import { type NativeSession, openSession } from "../zookeeper/native-session.ts";

/** After a session has expired, the ensemble may still be away: try again after this time. */
const RETRY_MS = 1000;

/** Settles when the signal has let it leave. */
export async function runClient(
  options: ClientCommandOptions,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let session = await firstSession(options);
  while (!signal.aborted) {
    await campaign(session, options, print, signal);
    if (signal.aborted) return;
    const next = await reopen(options, print, signal);
    if (next === undefined) return;
    session = next;
  }
  await session.close();
}

async function firstSession({ connect, sessionTimeoutMs }: ClientCommandOptions): Promise<NativeSession> {
  try {
    return await openSession({ connect, timeoutMs: sessionTimeoutMs });
  } catch (cause) {
    if (!(cause instanceof ZooKeeperError)) throw cause;
    const hint = "start one with: yarn start:zookeeper";
    throw new LabError("unavailable", `--connect: ${cause.message} (${hint})`, { cause });
  }
}

/** Campaigns until the session ends or the signal comes. */
async function campaign(
  session: NativeSession,
  { election: path, scheme }: ClientCommandOptions,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const election = new Election(session, { path, scheme: schemes[scheme], data: String(process.pid) });
  election.on("created", ({ name }) => print(`joined as ${path}/${name}`));
  let said = "";
  election.on("state", (state) => {
    const words = wordsFor(state, path);
    if (words !== undefined && words !== said) print(words);
    said = words ?? said;
  });
  const ended = new Promise<void>((done) => {
    election.on("state", ({ state }) => state === "over" && done());
    signal.addEventListener("abort", () => done(), { once: true });
  });
  election.campaign().catch(() => undefined);
  if (!signal.aborted) await ended;
  if (session.state === "connected") {
    await election.resign();
    print("left the election");
  }
  await session.close();
}

function wordsFor(state: ElectionState, path: string): string | undefined {
  switch (state.state) {
    case "leading":
      return "LEADS";
    case "waiting":
      return state.watching === "children"
        ? `waits, and watches the children of ${path}`
        : `waits, and watches ${path}/${state.watching.name}`;
    case "suspended":
      return "suspended: the connection is lost; does not claim to lead";
    case "over":
      return `out of the election: ${state.error.message}`;
    case "idle":
    case "joining":
    case "looking":
      return undefined;
    default:
      return state satisfies never;
  }
}

async function reopen(
  { connect, sessionTimeoutMs }: ClientCommandOptions,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<NativeSession | undefined> {
  while (!signal.aborted) {
    print("opens a new session");
    try {
      return await openSession({ connect, timeoutMs: sessionTimeoutMs });
    } catch (error) {
      if (!(error instanceof ConnectTimeout)) throw error;
      await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}
