/**
 * Our own candidate as a process: it speaks the protocol of docs/candidate-protocol.md, and runs the same
 * election as the candidates that are threads.
 *
 * Arguments: where its scheme comes from, as JSON, how it joins, and `will` if its session is to end with the
 * process.
 */
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import type { OwnSchemeSource } from "../candidates/protocol.ts";
import { schemeOf } from "../candidates/scheme-module.ts";
import { CampaignEnded } from "../election/connection.ts";
import { Election } from "../election/election.ts";
import { messageOf } from "../thrown.ts";
import type { NativeSession } from "../zookeeper/native-session.ts";
import { openInOrder } from "../zookeeper/open-session.ts";
import { type Instruction, type Joining, PROTOCOL, type Saying } from "./candidate-protocol.ts";

const [, , source = "{}", how, will] = process.argv;

let session: NativeSession | undefined;
let election: Election | undefined;
/** Its latest: whoever is told to join meanwhile, joins when it is over. */
let resignation: Promise<unknown> | undefined;
/** It is to join, and may not yet know that its session has ended. */
let wanted: Joining | undefined;

function say(saying: Saying): void {
  process.stdout.write(`${JSON.stringify(saying)}\n`);
}

/** A moment of `performance.now()` on the system's monotonic clock, in nanoseconds. */
function onSystemClock(ms: number): number {
  return Number(process.hrtime.bigint()) + Math.round((ms - performance.now()) * 1e6);
}

async function follow(instruction: Instruction): Promise<void> {
  switch (instruction.type) {
    case "join":
      return join(instruction);
    case "resign":
      resignation = election?.resign();
      await resignation;
      return;
    case "leave":
      return leave();
    default:
      instruction satisfies never;
  }
}

async function join(joining: Joining): Promise<void> {
  if (joining.protocol !== PROTOCOL)
    throw new Error(`this program speaks version ${PROTOCOL} of the protocol, not ${joining.protocol}`);
  wanted = joining;
  await resignation?.catch(() => undefined);
  if (election !== undefined && election.state.state !== "idle" && election.state.state !== "over") return;
  const { connect, sessionTimeoutMs: timeoutMs, auth } = joining;
  if (session === undefined || session.state === "expired" || session.state === "closed") {
    await session?.close();
    session = await openInOrder({
      connect,
      timeoutMs,
      auth,
      connectTimeoutMs: 30_000,
      will: will === "will",
    });
  }
  const next = new Election(session, {
    path: joining.election,
    scheme: await schemeOf(
      JSON.parse(source) as OwnSchemeSource,
      (url) => import(url),
      () => undefined,
    ),
    join: how === "by-number" ? how : "by-list",
    data: String(joining.candidate),
    ...(joining.tickTimeMs !== null && { tickTimeMs: joining.tickTimeMs }),
  });
  election = next;
  next.on("created", ({ name }) => {
    wanted = undefined;
    say({ type: "joined", znode: name });
  });
  next.on("claimed", ({ token }) => say({ type: "leading", token, at: onSystemClock(performance.now()) }));
  next.on("ended", ({ validUntil }, reason) =>
    say({
      type: "ended",
      reason,
      at: onSystemClock(performance.now()),
      ...(Number.isFinite(validUntil) && { validUntil: onSystemClock(validUntil) }),
    }),
  );
  next.on("state", (state) => {
    if (state.state !== "over") return;
    // A session that ends is part of every election; its candidate is told to join again.
    if (!(state.error instanceof CampaignEnded)) fail(state.error);
    else if (wanted !== undefined) join(wanted).catch(fail);
  });
  const created = once(next, "created");
  const campaign = next.campaign();
  campaign.catch(() => undefined);
  await Promise.race([created, campaign]);
}

async function leave(): Promise<void> {
  await session?.close();
  process.exit(0);
}

function fail(error: unknown): void {
  say({ type: "error", message: messageOf(error) });
}

// The lab may be gone when there is something to say.
process.stdout.on("error", () => undefined);
process.once("SIGTERM", () => void leave());
createInterface({ input: process.stdin })
  .on("line", (line) => follow(JSON.parse(line) as Instruction).catch(fail))
  .once("close", () => void leave());
