/** `yarn start:client`: one candidate in this terminal, which reports every change. */
import { setTimeout as delay } from "node:timers/promises";
import { CampaignEnded } from "../election/connection.ts";
import { Election } from "../election/election.ts";
import type { ElectionState } from "../election/election-events.ts";
import { parseConnectFlag } from "../ensemble/connect-flag.ts";
import { credentialsHelp } from "../ensemble/credentials.ts";
import { someoneAnswers } from "../ensemble/four-letter-word.ts";
import { inWords } from "../ensemble/refusal.ts";
import { asTyped } from "../installation.ts";
import { LabError } from "../lab-error.ts";
import type { ClientCommandOptions } from "../options/client.ts";
import type { Address } from "../zookeeper/connect-string.ts";
import { ConnectTimeout, NoAuth, OutcomeUnknown } from "../zookeeper/errors.ts";
import type { NativeSession } from "../zookeeper/native-session.ts";
import { openSession } from "../zookeeper/open-session.ts";

/** The pause between tries after a session has expired, while the ensemble may still be away. */
const RETRY_MS = 1000;

/** Settles when the signal has made it leave. */
export async function runClient(
  options: ClientCommandOptions,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { servers, hosts: connect, chroot } = parseConnectFlag(options.connect);
  // With the chroot in the path its znode is created if it is missing; the client itself cannot do that.
  const say = (line: string) => print(`${timeOfDay(new Date())}  ${line}`);
  const context: ClientContext = {
    ...options,
    connect,
    election: `${chroot}${options.election}`,
    print: say,
  };
  const stopped = new Promise<undefined>((done) => {
    if (signal.aborted) done(undefined);
    signal.addEventListener("abort", () => done(undefined), { once: true });
  });

  await Promise.race([someoneAnswers(servers, remedy(servers)), stopped]);
  let session = signal.aborted ? undefined : await Promise.race([open(context), stopped]);
  while (session !== undefined) {
    await campaign(session, context, stopped);
    session = signal.aborted ? undefined : await Promise.race([reopen(context, signal), stopped]);
  }
}

/** Times are local, in milliseconds, so that several terminals can be compared. */
function timeOfDay(now: Date): string {
  const digits = (value: number, count: number) => String(value).padStart(count, "0");
  const clock = [now.getHours(), now.getMinutes(), now.getSeconds()].map((part) => digits(part, 2)).join(":");
  return `${clock}.${digits(now.getMilliseconds(), 3)}`;
}

/** The place and the settings of this candidate. */
interface ClientContext extends ClientCommandOptions {
  readonly print: (line: string) => void;
}

function remedy([first]: readonly Address[]): string {
  if (first === undefined || !["127.0.0.1", "localhost", "::1"].includes(first.host))
    return "check the address";
  return `start one with: ${asTyped("yarn start:zookeeper")}${first.port === 2181 ? "" : ` --port ${first.port}`}`;
}

async function open({ connect, auth, sessionTimeoutMs }: ClientContext): Promise<NativeSession> {
  try {
    return await openSession({ connect, auth, timeoutMs: sessionTimeoutMs });
  } catch (error) {
    throw inWords(`--connect ${connect}`, error);
  }
}

/** Opens another session after one has ended, for as long as it takes. */
async function reopen(context: ClientContext, signal: AbortSignal): Promise<NativeSession | undefined> {
  context.print("opens a new session");
  while (!signal.aborted) {
    try {
      return await open(context);
    } catch (error) {
      if (!(error instanceof LabError && error.cause instanceof ConnectTimeout)) throw error;
      await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

/** Campaigns until the session ends, or until this candidate is stopped; then the session ends as well. */
async function campaign(
  session: NativeSession,
  { election: path, scheme, print }: ClientContext,
  stopped: Promise<undefined>,
): Promise<void> {
  const election = new Election(session, { path, scheme, data: String(process.pid) });
  election.on("created", ({ name }) => print(`joined as ${path}/${name}`));
  let said = "";
  const say = (state: ElectionState) => {
    const words = wordsFor(state, path);
    if (words !== undefined && words !== said) print(words);
    said = words ?? said;
  };
  election.on("state", say);
  const over = new Promise<Error>((done) => {
    election.on("state", (state) => state.state === "over" && done(state.error));
  });
  // The state reports how it ends.
  election.campaign().catch(() => undefined);

  const error = await Promise.race([over, cutOff(session), stopped]);
  election.off("state", say);
  const connected = session.state === "connected";
  await session.close();
  if (error === undefined) {
    print(connected ? "left the election" : "left; its znode goes when its session times out");
  } else if (error instanceof CutOff) {
    print(error.message);
  } else if (error instanceof LabError) {
    throw error;
  } else if (!(error instanceof CampaignEnded || error instanceof OutcomeUnknown)) {
    const remedy =
      error instanceof NoAuth ? `; set your credentials in the environment: ${credentialsHelp}` : "";
    throw new LabError("unavailable", `--election ${path}: ${error.message}${remedy}`, { cause: error });
  }
}

class CutOff extends Error {
  override readonly name = "CutOff";
}

/**
 * Settles when the session has been suspended for as long as its timeout. It may live on after all, but waiting
 * for that can be in vain: a server that lost its data refuses every session that has seen more than it has.
 * The session finds that out by itself, but takes three times as long.
 */
function cutOff(session: NativeSession): Promise<CutOff> {
  return new Promise((done) => {
    let timer: NodeJS.Timeout | undefined;
    session.on("state", (state) => {
      clearTimeout(timer);
      if (state !== "suspended") return;
      const words = `suspended for ${session.timeoutMs} ms: giving this session up`;
      timer = setTimeout(() => done(new CutOff(words)), session.timeoutMs);
    });
  });
}

function wordsFor(state: ElectionState, path: string): string | undefined {
  switch (state.state) {
    case "leading":
      return `LEADS, with the token ${state.term.token}`;
    case "waiting":
      return state.watching === "children"
        ? `waits, and watches the children of ${path}`
        : `waits, and watches ${path}/${state.watching.name}`;
    case "suspended":
      return "suspended: the connection is lost; does not claim to lead";
    case "over":
      return `out of the election: ${state.error.message}`;
    case "heir":
      return `waits as the heir of ${path}/${state.watching.name}, which leads`;
    case "idle":
    case "resigning":
    case "rejoining":
    case "joining":
    case "looking":
      return undefined;
    default:
      return state satisfies never;
  }
}
