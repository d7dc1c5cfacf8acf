/**
 * Candidates that would wait or ask for ever, because what they wait for went unnoticed, or they themselves
 * did.
 */
import getPort from "get-port";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { findDistribution } from "../../ensemble/distribution.ts";
import { startServer } from "../../ensemble/server.ts";
import type { TestCandidate } from "../../testing/test-candidate.ts";
import { Venue } from "../../testing/venue.ts";
import { ConnectTimeout } from "../../zookeeper/errors.ts";
import { openSession } from "../../zookeeper/open-session.ts";
import { Election } from "../election.ts";
import { schemes } from "../schemes.ts";

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("lost-wake-ups");
});

afterEach(() => venue.clear());
afterAll(() => venue[Symbol.asyncDispose]());

/** Deletes the whole election, as somebody cleaning up would. */
async function wipe(): Promise<void> {
  for (const name of await venue.contenders()) await venue.remove(name);
  // Somebody may have joined again meanwhile.
  await venue.operator.remove(venue.path).catch(() => undefined);
}

test("S19 the predecessor vanishes between list and watch: it looks again", async () => {
  const leader = await venue.joined();
  const middle = await venue.joined();
  const last = await venue.relayed();
  const held = last.connection.holdAt("to-server", "get");
  const joined = last.join();
  await held.reached;
  await middle.election.resign();
  held.release();
  await joined;
  expect(last.watches).toBe(leader.name);
  expect(last.count("reading: vanished")).toBe(1);
});

test("S20 the predecessor goes while it is cut off: it leads once it is back", async () => {
  const leader = await venue.joined();
  const next = await (await venue.relayed()).join();
  const held = next.connection.holdAt("to-server", "connect");
  await next.reset();
  await next.until("suspended");
  await leader.election.resign();
  held.release();
  await next.leads();
  expect(next.count("created")).toBe(1);
});

test("S22 its own contender goes while it is cut off: it makes one more, behind all others", async () => {
  const leader = await venue.joined();
  const victim = await (await venue.relayed()).join();
  const last = await venue.joined();
  const { name } = victim;
  const held = victim.connection.holdAt("to-server", "connect");
  await victim.reset();
  await victim.until("suspended");
  await venue.remove(name);
  held.release();
  await victim.waitsBehind(last);
  expect(await venue.contenders()).toEqual([leader.name, last.name, victim.name]);
  expect(victim.count("created")).toBe(2);
});

test("S22 somebody deletes it as soon as it is made, again and again: it makes others more and more slowly, and waits in the end", async () => {
  const leader = await venue.joined();
  const victim = await venue.relayed();
  let deleted = 0;
  const madeAt: number[] = [];
  victim.election.on("creating", () => madeAt.push(performance.now()));
  while (deleted < 4) {
    // Its first look comes too late for the contender that it has just made.
    const held = victim.connection.holdAt("to-server", "exists");
    if (deleted === 0) victim.election.campaign().catch(() => undefined);
    await held.reached;
    for (const name of await venue.contenders()) if (name !== leader.name) await venue.remove(name);
    deleted++;
    held.release();
  }
  await victim.waitsBehind(leader);
  expect(madeAt).toHaveLength(5);
  const pauses = madeAt.slice(1).map((at, index) => at - (madeAt[index] ?? 0));
  expect(pauses.at(-1)).toBeGreaterThan(2 * (pauses.at(-3) ?? 0));
});

test.each(["predecessor", "leader", "children", "heir"] as const)(
  "S23 the election is wiped out (%s): its znode is made again, and all enter again",
  async (name) => {
    const options = { scheme: schemes[name] };
    const scene = [await venue.joined(options), await venue.joined(options), await venue.joined(options)];
    await wipe();
    await vi.waitFor(async () => expect(await venue.contenders()).toHaveLength(3), 5000);
    await vi.waitFor(() => expect(venue.referee.valid).toHaveLength(1), 5000);
    await vi.waitFor(async () => {
      const contenders = (await venue.contenders()).toSorted();
      expect(contenders).toEqual(scene.map((one) => one.name).toSorted());
    }, 5000);
  },
);

test("S23 the election and its parents are gone when it returns: they are made again", async () => {
  const only = await (await venue.relayed()).join();
  const held = only.connection.holdAt("to-server", "connect");
  await only.reset();
  await only.until("suspended");
  await venue.remove(only.name);
  await venue.operator.remove(venue.path);
  expect(await venue.operator.remove(`${venue.ensemble.root}/deep`).catch(() => false)).toBeTypeOf("boolean");
  held.release();
  const term = await only.leads();
  expect(await venue.contenders()).toEqual([term.contender.name]);
});

test("S24 the session expires while it joins: it goes on with another one", async () => {
  const leader = await venue.joined();
  const unlucky = await venue.relayed({ timeoutMs: 1000, rejoin: true });
  const mark = await unlucky.session.create(`${venue.ensemble.root}/mark`, "", "ephemeral");
  const held = unlucky.connection.holdAt("to-server", "create");
  void held.reached.then(() => unlucky.connection.cut());
  const campaign = unlucky.election.campaign();
  campaign.catch(() => undefined);
  await vi.waitFor(async () => expect(await venue.operator.exists(mark)).toBeUndefined(), 5000);
  held.release();
  unlucky.connection.heal();
  await unlucky.reaches("waits in a new session", () => unlucky.watches === leader.name);
  expect(unlucky.sessions).toHaveLength(2);
  expect(await venue.contenders()).toEqual([leader.name, unlucky.name]);
  await leader.election.resign();
  expect((await campaign).contender.name).toBe(unlucky.name);
});

test.each([
  { scheme: "predecessor", woken: 1 },
  { scheme: "heir", woken: 1 },
  { scheme: "leader", woken: 4 },
] as const)(
  "S25 a leader's death wakes as many as the scheme says ($scheme: $woken of 4)",
  async ({ scheme, woken }) => {
    const scene: TestCandidate[] = [];
    for (let i = 0; i < 5; i++) scene.push(await venue.joined({ scheme: schemes[scheme] }));
    const [leader, ...others] = scene;
    if (scheme === "heir") await others[0]?.until("heir");
    const before = await venue.count("sum_node_deleted_watch_count");
    await leader?.session.close();
    await others[0]?.leads();
    await venue.quiet(...others);
    // The leader's watch on its own contender has gone with its session, or is counted with the others.
    const counted = (await venue.count("sum_node_deleted_watch_count")) - before;
    expect(others.filter((other) => other.phases.includes("notified: deleted"))).toHaveLength(woken);
    expect(counted - woken).toBeLessThanOrEqual(1);
  },
);

test("S26 one in the middle dies: the one behind it lists once and waits for the one before it, and nobody leads anew", async () => {
  const scene: TestCandidate[] = [];
  for (let i = 0; i < 5; i++) scene.push(await venue.joined());
  const [first, second, middle, fourth, fifth] = scene as [
    TestCandidate,
    TestCandidate,
    TestCandidate,
    TestCandidate,
    TestCandidate,
  ];
  const lists = scene.map((one) => one.count("reading"));
  await middle.session.close();
  await fourth.waitsBehind(second);
  await venue.quiet(first, second, fourth, fifth);
  expect(scene.map((one, index) => one.count("reading") - (lists[index] ?? 0))).toEqual([0, 0, 0, 1, 0]);
  expect(scene.map(({ terms }) => terms.length)).toEqual([1, 0, 0, 0, 0]);
  expect(first.terms[0]?.term.valid).toBe(true);
});

describe("before there is a server", () => {
  test("S27 it says so in time; one that waits long enough takes part as soon as there is one", async () => {
    const port = await getPort({ host: "127.0.0.1" });
    const connect = `127.0.0.1:${port}`;
    const hasty = openSession({ connect, timeoutMs: 4000, connectTimeoutMs: 300 });
    await expect(hasty).rejects.toThrow(ConnectTimeout);
    const opening = openSession({ connect, timeoutMs: 4000, connectTimeoutMs: 30_000 });
    const distribution = await findDistribution();
    await startServer(venue.scratch, { distribution, port, tickTimeMs: 200, fsync: false });
    const session = await opening;
    const election = new Election(session, { path: "/early/election" });
    expect((await election.campaign()).valid).toBe(true);
    await session.close();
  });

  test("S27 it can be given up before it was ever connected", async () => {
    const port = await getPort({ host: "127.0.0.1" });
    const giveUp = new AbortController();
    const opening = openSession({ connect: `127.0.0.1:${port}`, timeoutMs: 4000, signal: giveUp.signal });
    setImmediate(() => giveUp.abort(new Error("had enough")));
    await expect(opening).rejects.toThrow("had enough");
  });
});

test("S29 it resigns while it is cut off: it stops leading at once, cannot campaign meanwhile, and is out when it is back", async () => {
  const leader = await (await venue.relayed()).join();
  const next = await venue.joined();
  const term = await leader.leads();
  const held = leader.connection.holdAt("to-server", "connect");
  await leader.reset();
  await leader.until("suspended");
  const [resigned, again] = [leader.election.resign(), leader.election.resign()];
  expect(term.valid).toBe(false);
  await expect(leader.election.campaign()).rejects.toThrow("already resigning");
  expect(next.terms).toEqual([]);
  held.release();
  await Promise.all([resigned, again]);
  await next.leads();
  expect(leader.state.state).toBe("idle");
  expect(await venue.contenders()).toEqual([next.name]);
  await leader.join();
  expect(leader.watches).toBe(next.name);
});
