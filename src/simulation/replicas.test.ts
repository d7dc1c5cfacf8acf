/** Replicas that lag, lose each other, die and take over, as seen by a session. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { pass, settle, until } from "../testing/drive-world.ts";
import { ConnectionLoss, Throttled } from "../zookeeper/errors.ts";
import type { ModelSession } from "./model-session.ts";
import { childrenOf, inFlight, isAlive } from "./view.ts";
import { World, type WorldEvent } from "./world.ts";

const T = 3000;
const TICK = 200;

function open(world: World, replica: number): ModelSession {
  return world.newClient().openAt(replica, T);
}

/** Performs the first event of a kind that may happen. */
async function step(world: World, type: WorldEvent["type"]): Promise<void> {
  const event = world.enabled().find((event) => event.type === type);
  if (event === undefined) throw new Error(`no ${type} may happen`);
  world.perform(event);
  await nextTurn();
}

/** Follower 1 and the leader hear from each other, and the follower applies what it has heard of. */
function exchange(world: World, ...heard: readonly ("hear-follower" | "hear-leader" | "apply")[]): void {
  for (const type of heard) expect(world.perform({ type, replica: 1 })).toBe(true);
}

test("one that lags shows what was true, and answers its own writes once it has applied them", async () => {
  const world = new World({ replicas: 3 });
  const [writer, reader] = [open(world, 0), open(world, 1)];
  const creation = writer.create("/a", "", "persistent");
  await step(world, "take");
  await step(world, "deliver");
  expect(await creation).toBe("/a");
  const before = reader.exists("/a");
  await step(world, "take");
  await step(world, "deliver");
  expect(await before).toBeUndefined();
  const [removal, after] = [reader.remove("/a"), reader.exists("/a")];
  await step(world, "take");
  await step(world, "take");
  expect(childrenOf(world, "/")).toHaveLength(1);
  exchange(world, "hear-follower");
  expect(childrenOf(world, "/")).toEqual([]);
  exchange(world, "hear-leader", "hear-leader", "apply");
  expect(reader.connection?.toClient).toEqual([]);
  exchange(world, "apply");
  expect(await until(world, Promise.all([removal, after]))).toEqual([true, undefined]);
});

test("sync waits for what was decided when the leader saw it", async () => {
  const world = new World({ replicas: 3 });
  const reader = open(world, 1);
  world.operator.create("/a");
  const [synced, found] = [reader.sync("/a"), reader.exists("/a")];
  await step(world, "take");
  await step(world, "take");
  exchange(world, "hear-follower", "hear-leader", "hear-leader");
  expect(reader.connection?.toClient).toEqual([]);
  expect(await until(world, Promise.all([synced, found]))).toMatchObject([undefined, { version: 0 }]);
});

test("one that knows less than a session has seen does not accept it", async () => {
  const world = new World({ replicas: 3 });
  const session = open(world, 0);
  exchange(world, "hear-leader", "apply");
  const creation = session.create("/a", "", "persistent");
  await step(world, "take");
  await step(world, "deliver");
  await creation;
  world.faults.drop(session);
  await step(world, "fail");
  const replicas = () =>
    world.enabled().flatMap((event) => (event.type === "connect" ? [event.replica] : []));
  expect(replicas()).toEqual([0]);
  exchange(world, "hear-leader", "apply");
  expect(replicas()).toEqual([0, 1]);
});

test("a touch that a replica has not reported to the leader dies with it", async () => {
  const world = new World({ replicas: 3, tickTimeMs: TICK });
  const session = open(world, 1);
  await settle(world);
  const [, replica] = world.ensemble.replicas;
  if (replica === undefined) throw new Error("no such replica");
  const before = world.ensemble.sessions.get(session.id)?.expiresAt;
  world.faults.leap(TICK + TICK / 4);
  const answer = session.exists("/");
  world.perform({ type: "take", session: 0, connection: 0 });
  world.perform({ type: "deliver", session: 0 });
  await answer;
  expect(replica.touched).toContain(session.id);
  // Without this it would simply come back through another replica.
  world.faults.cut(session.client);
  world.faults.crash(replica);
  await pass(world, TICK);
  expect(world.ensemble.sessions.get(session.id)?.expiresAt).toBe(before);
});

test("a touch is reported to the leader with the reply to its next ping", async () => {
  const world = new World({ replicas: 3, tickTimeMs: TICK });
  const session = open(world, 1);
  world.faults.leap(TICK + 1);
  void session.exists("/");
  await settle(world);
  await pass(world, TICK / 2 - 2);
  expect(world.ensemble.sessions.get(session.id)?.expiresAt).toBe(T + TICK);
  await pass(world, 1);
  expect(world.ensemble.sessions.get(session.id)?.expiresAt).toBe(T + 2 * TICK);
});

describe("the leader's pings", () => {
  /** A world whose leader has a reason to ping, up to the moment when that is due. */
  async function due(): Promise<World> {
    const world = new World({ replicas: 3, tickTimeMs: TICK });
    const session = open(world, 1);
    void session.exists("/");
    await settle(world);
    world.faults.freeze(session.client);
    world.perform({ type: "advance" });
    expect(world.now).toBe(TICK / 2);
    return world;
  }

  test("are sent within a twentieth of a tick in which it runs", async () => {
    const world = await due();
    expect(world.enabled()).toEqual([{ type: "ping" }, { type: "advance" }]);
    world.perform({ type: "advance" });
    expect(world.enabled()).toEqual([{ type: "ping" }]);
    expect(world.now).toBeLessThan(TICK / 2 + TICK / 20);
  });

  test("wait while it stands still, but only once", async () => {
    const world = await due();
    const [leader, follower] = world.ensemble.replicas;
    if (leader === undefined || follower === undefined) throw new Error("an empty world");
    world.faults.pause(leader);
    expect(follower.link.toFollower).toEqual([]);
    world.faults.leap(3 * TICK);
    world.faults.resume(leader);
    expect(world.enabled()).toContainEqual({ type: "ping" });
    world.faults.pause(leader);
    expect(follower.link.toFollower).toEqual([{ type: "ping" }]);
  });

  test("come half a tick after the last ones, however late those were", async () => {
    const world = await due();
    world.faults.leap(30);
    world.perform({ type: "ping" });
    world.perform({ type: "hear-leader", replica: 1 });
    const [, follower] = world.ensemble.replicas;
    follower?.touched.add("a session");
    expect(world.ensemble.nextPingsAt).toBe(TICK / 2 + 30 + TICK / 2);
  });
});

describe("a link", () => {
  test.each([
    { network: "mute", waits: { toLeader: 1, toFollower: 0 } },
    { network: "deaf", waits: { toLeader: 0, toFollower: 1 } },
  ] as const)("that is $network keeps what waits until it is healed", async ({ network, waits }) => {
    const world = new World({ replicas: 3 });
    const session = open(world, 1);
    const [, replica] = world.ensemble.replicas;
    if (replica === undefined) throw new Error("no such replica");
    world.faults.setLink(replica, network);
    const synced = session.sync("/");
    await settle(world);
    const { toLeader, toFollower } = replica.link;
    expect({ toLeader: toLeader.length, toFollower: toFollower.length }).toEqual(waits);
    world.faults.healLink(replica);
    await until(world, synced);
  });

  test("that is lost loses everything in flight, and the follower serves again when it has joined", async () => {
    const world = new World({ replicas: 3 });
    const session = open(world, 1);
    const [, replica] = world.ensemble.replicas;
    if (replica === undefined) throw new Error("no such replica");
    session.create("/lost", "", "persistent").catch(() => undefined);
    await step(world, "take");
    world.faults.loseLink(replica, "severed");
    world.operator.create("/meanwhile");
    await step(world, "deliver");
    await step(world, "fail");
    expect(session.state).toBe("suspended");
    const offers = () =>
      world.enabled().flatMap((event) => (event.type === "connect" ? [event.replica] : []));
    expect(offers()).not.toContain(1);
    world.faults.healLink(replica);
    await step(world, "join");
    expect(offers()).toContain(1);
    expect(replica.tree.get("/meanwhile")).toBeDefined();
    expect(childrenOf(world, "/").map(({ name }) => name)).toEqual(["meanwhile"]);
  });
});

test("a session moves: what is still on its old connection is refused", async () => {
  const world = new World({ replicas: 3 });
  const session = open(world, 1);
  await settle(world);
  session.create("/late", "", "persistent").catch(() => undefined);
  await nextTurn();
  world.faults.drop(session, 1);
  await step(world, "fail");
  world.perform({ type: "connect", session: 0, replica: 2 });
  world.perform({ type: "hear-follower", replica: 2 });
  await settle(world);
  expect(session.state).toBe("connected");
  expect(session.connection?.replica.index).toBe(2);
  expect(childrenOf(world, "/")).toEqual([]);
  expect(inFlight(world)).toBe(0);
});

test("an answer to an earlier attempt makes a connection, but no contact before a sync over it is answered", async () => {
  const world = new World({ replicas: 3 });
  const session = open(world, 1);
  const [, replica] = world.ensemble.replicas;
  if (replica === undefined) throw new Error("no such replica");
  const lose = async () => {
    world.faults.drop(session);
    if (session.failing === "yes") await step(world, "fail");
    world.perform({ type: "connect", session: 0, replica: 1 });
  };
  // The leader answers two attempts; the second one succeeds through the answer to the first.
  await lose();
  exchange(world, "hear-follower");
  await lose();
  exchange(world, "hear-follower", "hear-leader");
  await step(world, "deliver");
  expect(session.state).toBe("connected");
  // The answer to the second one makes a third one that the leader has not heard of.
  world.faults.leap(T / 2);
  await lose();
  exchange(world, "hear-leader");
  await step(world, "deliver");
  expect(session.state).toBe("connected");
  expect(world.ensemble.sessions.get(session.id)?.expiresAt).toBeLessThan(T / 2 + T);
  expect(session.contacts.last).toMatchObject({ type: "connected", sentAt: 0 });
  await until(world, session.sync("/"));
  expect([...session.contacts.backwards()].at(-1)).toMatchObject({ type: "connected", sentAt: T / 2 });
  expect(world.ensemble.sessions.get(session.id)?.expiresAt).toBeGreaterThanOrEqual(T / 2 + T);
});

test("when the leader dies another one leads, and every session gets its whole time again", async () => {
  const world = new World({ replicas: 3, tickTimeMs: TICK });
  const session = open(world, 1);
  world.faults.cut(session.client);
  await pass(world, T - 10);
  const [first] = world.ensemble.replicas;
  if (first === undefined) throw new Error("no leader");
  world.faults.crash(first);
  expect(world.ensemble.leader?.index).toBe(1);
  await pass(world, T);
  expect(isAlive(world, session.id)).toBe(true);
  await pass(world, TICK);
  expect(isAlive(world, session.id)).toBe(false);
});

test("an overloaded server does not carry out the next calls", async () => {
  const world = new World({ replicas: 3 });
  const session = open(world, 1);
  const [, replica] = world.ensemble.replicas;
  if (replica === undefined) throw new Error("no such replica");
  replica.refusals = 2;
  await expect(until(world, session.create("/a", "", "persistent"))).rejects.toThrow(Throttled);
  await expect(until(world, session.exists("/"))).rejects.toThrow(Throttled);
  expect(childrenOf(world, "/")).toEqual([]);
  expect(await until(world, session.create("/a", "", "persistent"))).toBe("/a");
});

test("if all data are lost, a session that has seen more is refused until none like it could live, and ends", async () => {
  const world = new World({ replicas: 3, tickTimeMs: TICK });
  const session = open(world, 1);
  await until(world, session.create("/a", "", "persistent"));
  await pass(world, 1000);
  world.faults.loseData();
  await settle(world);
  expect(childrenOf(world, "/")).toEqual([]);
  expect(session.state).toBe("suspended");
  await pass(world, T + TICK - 1);
  expect(session.state).toBe("suspended");
  await expect(until(world, session.exists("/"))).rejects.toThrow(ConnectionLoss);
  await pass(world, 1);
  expect(session.state).toBe("expired");
  const again = await until(world, session.reopen());
  expect(await until(world, again.exists("/"))).toBeDefined();
});

test("without a quorum nothing is decided, and no session is given up", async () => {
  const world = new World({ replicas: 3 });
  const session = open(world, 0);
  for (const replica of world.ensemble.replicas.slice(1)) world.faults.crash(replica);
  await settle(world);
  expect(session.state).toBe("suspended");
  await expect(until(world, session.create("/a", "", "persistent"))).rejects.toThrow(ConnectionLoss);
  await pass(world, 3 * T);
  expect(isAlive(world, session.id)).toBe(true);
  for (const replica of world.ensemble.replicas.slice(1)) world.faults.restart(replica);
  await settle(world);
  expect(session.state).toBe("connected");
});
