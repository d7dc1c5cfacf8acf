/**
 * The user's own servers in various conditions: down, behind one address, or behind a proxy that changes
 * messages.
 */

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import getPort from "get-port";
import { afterAll, beforeAll, expect, test } from "vitest";
import { schemes } from "../election/schemes.ts";
import { findDistribution } from "../ensemble/distribution.ts";
import { connectExternal } from "../ensemble/external.ts";
import { type LocalMembers, startMembers } from "../ensemble/local-members.ts";
import { connectOf, leaderOf } from "../ensemble/member.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { startServer } from "../ensemble/server.ts";
import type { Environment, TrialResult } from "../export/result.ts";
import { type FaultName, faults } from "../faults/faults.ts";
import { defaultConditions } from "../history/conditions.ts";
import type { History } from "../history/history.ts";
import { TcpRelay } from "../network/tcp-relay.ts";
import { mutePort } from "../testing/silent-port.ts";
import { type Address, hostAndPort } from "../zookeeper/connect-string.ts";
import { environmentOf } from "./environment.ts";
import { trialResult } from "./trial-result.ts";
import { runWhole } from "./whole-trials.ts";

/** The tick is the sample configuration's: then the shortest timeout that is granted is 4 s. */
const TICK_MS = 2000;
const TIMEOUT_MS = 2 * TICK_MS;
/** A failover takes some milliseconds; one whose leases have lapsed waits for the session timeout. */
const SPOILT_MS = TIMEOUT_MS / 4;

let scratch: Scratch;
let members: LocalMembers;
let runs = 0;

beforeAll(async () => {
  scratch = await Scratch.create();
  ({ members } = await startMembers(scratch, { servers: 3, tickTimeMs: TICK_MS, fsync: false }));
}, 60_000);

afterAll(() => scratch[Symbol.asyncDispose]());

const CANDIDATES = 4;

interface Trial {
  readonly connect: string;
  readonly fault: FaultName;
  readonly failovers: number;
  /** Carries the candidates' connections, and nobody else's. */
  readonly relay?: TcpRelay;
  readonly betweenFailovers?: () => Promise<void>;
}

async function historyOf({ connect, fault, relay, ...others }: Trial): Promise<[History, Environment]> {
  const ensemble = await connectExternal({
    connect,
    auth: [],
    sessionTimeoutsMs: [TIMEOUT_MS],
    crowd: { candidates: CANDIDATES, sessions: 2 * CANDIDATES },
    runId: `servers-test-${++runs}`,
  });
  try {
    const options = {
      trial: 1,
      scheme: schemes.predecessor,
      schemeSource: { name: "predecessor" },
      ...defaultConditions,
      fault: faults[fault],
      candidates: CANDIDATES,
      sessionTimeoutMs: TIMEOUT_MS,
      electionName: "election",
      scratch,
      origin: process.hrtime.bigint(),
      ...others,
    } as const;
    const theirs = relay === undefined ? ensemble : { ...ensemble, connectFor: () => relay.connect };
    const [history] = await runWhole(theirs, [options]);
    if (history === undefined) throw new Error("there is no history");
    return [history, environmentOf(ensemble)];
  } finally {
    await ensemble.close();
  }
}

async function trialOn(trial: Trial): Promise<TrialResult> {
  const [history, environment] = await historyOf(trial);
  return trialResult(history, 1, environment);
}

function expectUnspoilt({ state, failovers, verdicts }: TrialResult, count: number): void {
  expect(state).toBe("completed");
  expect(failovers).toHaveLength(count);
  for (const { totalMs } of failovers) expect(totalMs).toBeLessThan(SPOILT_MS);
  for (const verdict of Object.values(verdicts)) expect(verdict).not.toMatchObject({ valid: false });
}

function warningsOf({ warnings }: TrialResult, type: string) {
  return warnings.filter((warning) => warning.type === type);
}

test("a follower that hangs, and a server that never answers, cost no failover anything, and are named", async () => {
  await using mute = await mutePort();
  await using hung = await hungFollower();
  // A client that tries the list in order meets one of them first.
  const list = [...hung.first, mute].map(hostAndPort);
  const trial = await trialOn({ connect: list.join(), fault: "resign", failovers: 3 });
  expectUnspoilt(trial, 3);
  const down = [1, 4].map((server) => `server ${server}, ${list[server - 1]}, does not answer (ETIMEDOUT)`);
  expect(warningsOf(trial, "server-silent")).toMatchObject([{ message: down.join("; "), failovers: [] }]);
  expect(trial.failovers.map(({ server }) => server)).toEqual([null, null, null]);
}, 60_000);

test("a session is ended from outside by a server that answers, not by one that hangs", async () => {
  await using hung = await hungFollower();
  const connect = hung.first.map(hostAndPort).join();
  expectUnspoilt(await trialOn({ connect, fault: "expire", failovers: 1 }), 1);
}, 60_000);

test("a victim that finds no server to tell it of its end holds nobody up", async () => {
  await using relay = await TcpRelay.start({ target: members[0].address });
  const [{ events, observations }] = await historyOf({
    connect: hostAndPort(members[0].address),
    fault: "expire",
    failovers: 1,
    relay,
    betweenFailovers: async () => {
      const held = relay.holdAt("to-server", "connect");
      setTimeout(() => held.release(), 2 * SPOILT_MS + 2000);
    },
  });
  expect(observations?.end).toEqual({ state: "completed" });
  const order = events.flatMap(({ type }) => (type === "settled" || type === "expired" ? type : []));
  expect(order).toEqual(["settled", "expired"]);
}, 60_000);

test("a server that does not permit mntr is named, with what to allow", async () => {
  const port = await getPort({ host: "127.0.0.1" });
  await startServer(scratch, {
    distribution: await findDistribution(),
    port,
    tickTimeMs: TICK_MS,
    fsync: false,
    settings: { "4lw.commands.whitelist": "srvr" },
  });
  const trial = await trialOn({ connect: `127.0.0.1:${port}`, fault: "resign", failovers: 2 });
  expectUnspoilt(trial, 2);
  expect(trial.failovers.map(({ server }) => server)).toEqual([null, null]);
  expect(warningsOf(trial, "server-forbids")).toEqual([
    {
      type: "server-forbids",
      message: `server 1, 127.0.0.1:${port}, does not permit mntr`,
      hint: "allow mntr in its 4lw.commands.whitelist to see packets, bytes and reads",
      failovers: [],
    },
  ]);
}, 60_000);

test("one address in front of two servers is detected: its counts are left out, with the reason", async () => {
  const followers = members.slice(0, 2).map(({ address }) => address.port);
  await using balancer = await alternating(followers);
  const trial = await trialOn({ connect: `127.0.0.1:${balancer.port}`, fault: "resign", failovers: 2 });
  expectUnspoilt(trial, 2);
  expect(trial.failovers.map(({ server }) => server)).toEqual([null, null]);
  expect(warningsOf(trial, "server-changed")).toMatchObject([
    { message: `several servers answer as server 1, 127.0.0.1:${balancer.port}` },
  ]);
}, 60_000);

/** A busy machine may leave no moment without heartbeats in which a failover's counts can be taken. */
function expectOneList({ failovers }: TrialResult): void {
  const counted = failovers.flatMap(({ server }) => server?.lists ?? []);
  expect(new Set(counted)).toEqual(new Set([1]));
}

test("all of them that answer are counted, without a warning", async () => {
  const trial = await trialOn({ connect: connectOf(members), fault: "resign", failovers: 3 });
  expectUnspoilt(trial, 3);
  expectOneList(trial);
  for (const type of ["server-silent", "server-forbids", "server-changed", "impossible-counts"])
    expect(warningsOf(trial, type)).toEqual([]);
}, 60_000);

test("servers with several addresses are counted once, without a warning", async () => {
  const again = members.map(({ address }) => hostAndPort({ ...address, host: "localhost" }));
  const trial = await trialOn({
    connect: [connectOf(members), ...again].join(),
    fault: "resign",
    failovers: 3,
  });
  expectUnspoilt(trial, 3);
  expectOneList(trial);
  for (const type of ["server-silent", "server-changed", "impossible-counts"])
    expect(warningsOf(trial, type)).toEqual([]);
}, 60_000);

test.each(["expire", "follower"] as const)(
  "a fault that did not strike is none of the election's, and it is said why: %s",
  async (fault) => {
    // Some proxies do this: nobody's session can be taken over through them.
    await using relay = await TcpRelay.start({
      target: members[0].address,
      alter: (direction, kind, packet) => {
        // ConnectRequest: length, protocol version, last zxid, timeout; then the session's id.
        if (direction === "to-server" && kind === "connect") packet.fill(0, 20, 28);
      },
    });
    const trial = await trialOn({ connect: relay.connect, fault, failovers: 1 });
    expect(trial.state).toBe("aborted");
    expect(trial.reason).toContain("failover 1: the fault did not strike");
    expect(trial.verdicts.liveness).toEqual({
      valid: "unknown",
      reason: "failover 1: the fault did not strike: the victim's contender still stood",
    });
    for (const verdict of Object.values(trial.verdicts)) expect(verdict).not.toMatchObject({ valid: false });
  },
  60_000,
);

interface HungFollower extends AsyncDisposable {
  /** All of the ensemble's servers, the hung one first. */
  readonly first: readonly Address[];
}

/** A server that stands still, with its port open. */
async function hungFollower(): Promise<HungFollower> {
  const leader = await leaderOf(members);
  const [hung, ...others] = members.filter((member) => member !== leader);
  if (hung === undefined) throw new Error("there is no follower");
  hung.process.pause();
  return {
    first: [hung, ...others, leader].map(({ address }) => address),
    [Symbol.asyncDispose]: async () => hung.process.resume(),
  };
}

/** Stands in for a Kubernetes service: each connection goes to the next of the ports. */
async function alternating(ports: readonly number[]): Promise<AsyncDisposable & { readonly port: number }> {
  let connections = 0;
  const server: Server = createServer((client) => {
    const port = ports[connections++ % ports.length] ?? 0;
    const upstream = connect(port, "127.0.0.1");
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.setNoDelay(true);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => to.destroy());
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, "close");
    },
  };
}
