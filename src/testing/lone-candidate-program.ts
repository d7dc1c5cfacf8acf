/**
 * A candidate with its own process: its own thread and resources, and no relay inside, whose sockets would be
 * opened and closed around the native client's when it loses its connection (placeholder.ts).
 *
 * Arguments: {@link LoneOptions} as JSON. Standard input: a line asks for its state; the program ends when it
 * ends. Standard output: one {@link LoneMessage} per line.
 */
import { createInterface } from "node:readline";
import { Election } from "../election/election.ts";
import { type SchemeName, schemes } from "../election/schemes.ts";
import { openSession } from "../zookeeper/open-session.ts";
import type { Session } from "../zookeeper/session.ts";

export interface LoneOptions {
  readonly connect: string;
  readonly timeoutMs: number;
  readonly tickTimeMs: number;
  readonly path: string;
  readonly scheme: SchemeName;
  readonly rejoin: boolean;
}

export type LoneMessage =
  /** Sent after joining, and after each return. */
  | { readonly type: "settled" }
  /** It is out of the election, or its session is over. */
  | { readonly type: "over"; readonly reason: string }
  | LoneState;

export interface LoneState {
  readonly type: "state";
  /** The size after a garbage collection. */
  readonly heapBytes: number;
  readonly listeners: number;
  /** The name of its contender. */
  readonly name: string;
  readonly valid: boolean;
  /** The number of contenders that it has made, and of lists that it has read. */
  readonly created: number;
  readonly reads: number;
  readonly returns: readonly number[];
}

function say(message: LoneMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** The system's monotonic clock, which all processes share. */
function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

async function run({ connect, timeoutMs, scheme, ...options }: LoneOptions): Promise<void> {
  const session = await openSession({ connect, timeoutMs });
  const election = new Election(session, { ...options, scheme: schemes[scheme] });
  let [name, created, reads] = ["", 0, 0];
  const returns: number[] = [];
  election.on("created", (contender) => {
    name = contender.name;
    created++;
  });
  election.on("read", () => reads++);
  let fresh = true;
  const watch = (session: Session) =>
    session.on("state", (state) => {
      fresh ||= state === "connected";
    });
  watch(session);
  election.on("rejoined", (session) => {
    returns.push(now());
    fresh = true;
    watch(session);
  });
  election.on("state", (entered) => {
    const { state } = entered;
    if (entered.state === "over") say({ type: "over", reason: entered.error.message });
    // Followers of a leader that announces itself wait for a moment before they are heirs.
    const settled = state === "leading" || (state === "waiting" && scheme !== "heir") || state === "heir";
    if (fresh && settled) say({ type: "settled" });
    if (settled) fresh = false;
  });
  election.campaign().catch(() => undefined);
  createInterface({ input: process.stdin })
    .on("line", async () => {
      globalThis.gc?.();
      await new Promise((resolve) => setImmediate(resolve));
      globalThis.gc?.();
      const { state } = election;
      say({
        type: "state",
        heapBytes: process.memoryUsage().heapUsed,
        listeners: election.session.listenerCount("state"),
        name,
        valid: state.state === "leading" && state.term.valid,
        created,
        reads,
        returns,
      });
    })
    .once("close", () => election.session.close());
}

void run(JSON.parse(process.argv[2] ?? "") as LoneOptions);
