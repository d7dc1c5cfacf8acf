/**
 * Behaviour that no real server can be made to show: time and faults, to the millisecond and in a chosen order.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { pass, settle, until } from "../testing/drive-world.ts";
import { ConnectionLoss, NoAuth } from "../zookeeper/errors.ts";
import { Watch, type WatchEvent } from "../zookeeper/session.ts";
import type { ModelSession } from "./model-session.ts";
import { childrenOf, heldWatches, isAlive } from "./view.ts";
import { World, type WorldEvent } from "./world.ts";

const T = 3000;
const TICK = 200;

function open(world: World, replica = 0): ModelSession {
  return world.newClient().openAt(replica, T);
}

/** Performs the first event of a kind that may happen. */
async function step(world: World, type: WorldEvent["type"]): Promise<void> {
  const event = world.enabled().find((event) => event.type === type);
  if (event === undefined) throw new Error(`no ${type} may happen`);
  world.perform(event);
  await nextTurn();
}

const path = "/election/c-";

describe("time", () => {
  test("stands still until somebody lets it pass", async () => {
    const world = new World();
    const session = open(world);
    await settle(world);
    expect(world.now).toBe(0);
    await pass(world, 10_000);
    expect(world.now).toBe(10_000);
    expect(session.state).toBe("connected");
  });

  test("timers strike in their order, none before its time and none that was cancelled", async () => {
    const world = new World();
    const client = world.newClient();
    const struck: string[] = [];
    client.after(20, () => struck.push(`b at ${client.now()}`));
    client.after(10, () => struck.push(`a at ${client.now()}`));
    client.after(20, () => struck.push(`c at ${client.now()}`));
    client.after(15, () => struck.push("never"))();
    await pass(world, 15);
    expect(struck).toEqual(["a at 10"]);
    await pass(world, 5);
    expect(struck).toEqual(["a at 10", "b at 20", "c at 20"]);
  });

  test("does not pass a due timer of a client that runs, but one of a frozen client", async () => {
    const world = new World();
    const client = world.newClient();
    open(world);
    client.after(10, () => undefined);
    await step(world, "advance");
    expect(world.enabled()).toEqual([{ type: "timer", client: 0 }]);
    world.faults.freeze(client);
    expect(world.enabled()).toEqual([{ type: "advance" }]);
  });

  test("after a leap, timers are late and lost connections are noticed", async () => {
    const world = new World();
    const session = open(world);
    const struck: number[] = [];
    session.client.after(10, () => struck.push(session.client.now()));
    world.faults.leap(2 * T);
    expect(world.enabled()).toContainEqual({ type: "timer", client: 0 });
    // The timer may come first, while the session still seems to be connected.
    await step(world, "timer");
    expect([struck, session.state]).toEqual([[2 * T], "connected"]);
    await settle(world);
    expect(session.state).toBe("expired");
  });
});

describe("expiry", () => {
  test.each([
    { openedAt: 0, gone: T + TICK },
    { openedAt: 1, gone: T + TICK },
    { openedAt: TICK - 1, gone: T + TICK },
    { openedAt: TICK, gone: T + 2 * TICK },
  ])("a session that was last heard at $openedAt ms goes at $gone ms", async ({ openedAt, gone }) => {
    const world = new World({ tickTimeMs: TICK });
    world.faults.leap(openedAt);
    const session = open(world);
    world.faults.freeze(session.client);
    await pass(world, gone - openedAt - 1);
    expect(isAlive(world, session.id)).toBe(true);
    await pass(world, 1);
    expect(isAlive(world, session.id)).toBe(false);
    expect(session.state).toBe("connected");
    world.faults.thaw(session.client);
    await settle(world);
    expect(session.state).toBe("expired");
  });

  test("does not come while the leader stands still; afterwards it may come before a ping that waits", async () => {
    const world = new World();
    const session = open(world);
    const [leader] = world.ensemble.replicas;
    if (leader === undefined) throw new Error("no leader");
    world.faults.pause(leader);
    await pass(world, T / 3);
    expect(session.connection?.toServer).toEqual([{ operation: "ping" }]);
    world.faults.freeze(session.client);
    await pass(world, 2 * T);
    expect(isAlive(world, session.id)).toBe(true);
    world.faults.resume(leader);
    await step(world, "advance");
    expect(isAlive(world, session.id)).toBe(false);
  });

  test("by one-way loss: what is sent keeps the session alive, but the client thinks it is lost", async () => {
    const world = new World();
    const session = open(world);
    world.faults.setNetwork(session.client, "deaf");
    await pass(world, (T * 2) / 3);
    expect(session.state).toBe("suspended");
    expect(world.ensemble.sessions.get(session.id)?.expiresAt).toBeGreaterThan(T / 3 + T);
  });
});

describe("faults", () => {
  test.each([0, 1, 2])("of three creates on their way, %i still arrive after a reset", async (kept) => {
    const world = new World();
    const session = open(world);
    const calls = [1, 2, 3].map(() => session.create("/a-", "", "persistent-sequential"));
    const settled = Promise.allSettled(calls);
    world.faults.drop(session, kept);
    await step(world, "fail");
    for (const call of await settled) expect(call).toMatchObject({ reason: expect.any(ConnectionLoss) });
    for (let i = 0; i < kept; i++) await step(world, "take");
    expect(childrenOf(world, "/")).toHaveLength(kept);
    await settle(world);
    expect([session.state, childrenOf(world, "/").length]).toEqual(["connected", kept]);
  });

  test("what a cut connection holds may arrive after healing, until the session is connected there again", async () => {
    const world = new World();
    const session = open(world);
    session.create("/a", "", "persistent").catch(() => undefined);
    world.faults.cut(session.client);
    await pass(world, T - 1);
    expect(session.state).toBe("suspended");
    world.faults.heal(session.client);
    const types = world.enabled().map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(["take", "connect"]));
    await step(world, "connect");
    expect(world.enabled().map(({ type }) => type)).not.toContain("take");
  });

  test("a frozen client receives nothing, and believes what it believed", async () => {
    const world = new World();
    const [sleeper, other] = [open(world), open(world)];
    world.operator.create("/a");
    const events: WatchEvent[] = [];
    await until(world, sleeper.get("/a", new Watch((event) => events.push(event))));
    world.faults.freeze(sleeper.client);
    await until(world, other.remove("/a"));
    await settle(world);
    expect(events).toEqual([]);
    world.faults.thaw(sleeper.client);
    await settle(world);
    expect(events).toEqual(["deleted"]);
  });

  test("a frozen client whose connection was reset notices, though its server has hung up since", async () => {
    const world = new World();
    const session = open(world);
    session.create("/a", "", "persistent").catch(() => undefined);
    world.faults.freeze(session.client);
    world.faults.drop(session, 1);
    world.ensemble.elect();
    world.faults.thaw(session.client);
    await step(world, "deliver");
    expect(session.state).toBe("suspended");
    await settle(world);
    expect(session.state).toBe("connected");
  });

  test("an operator forbids, wipes and creates again", async () => {
    const world = new World();
    const session = open(world);
    world.operator.create("/election");
    world.operator.forbid("/election");
    await expect(until(world, session.create(path, "", "ephemeral-sequential"))).rejects.toThrow(NoAuth);
    world.operator.permit("/election");
    await until(world, session.create(path, "", "ephemeral-sequential"));
    world.operator.remove("/election");
    expect(childrenOf(world, "/election")).toEqual([]);
    world.operator.create("/election");
    expect(await until(world, session.create(path, "", "ephemeral-sequential"))).toBe(`${path}0000000000`);
  });

  test.each([
    { sequenceOverflow: "wraps", numbers: ["2147483647", "-2147483648", "-2147483647"] },
    { sequenceOverflow: "sticks", numbers: ["2147483647", "2147483647", "2147483647"] },
  ] as const)("the last sequence number $sequenceOverflow", async ({ sequenceOverflow, numbers }) => {
    const world = new World({ sequenceOverflow });
    const session = open(world);
    world.operator.create("/election");
    world.operator.numberFrom("/election", 2147483647);
    const names: string[] = [];
    for (const guid of ["a", "b", "c"]) {
      names.push(await until(world, session.create(`/election/${guid}-`, "", "ephemeral-sequential")));
    }
    expect(names.map((name) => name.slice("/election/a-".length))).toEqual(numbers);
  });
});

test("the watches that replicas hold can be seen", async () => {
  const world = new World();
  const session = open(world);
  await until(world, session.get("/", new Watch(() => undefined)));
  await until(world, session.children("/", new Watch(() => undefined)));
  expect(heldWatches(world)).toEqual([
    { session: session.id, path: "/", kind: "data" },
    { session: session.id, path: "/", kind: "children" },
  ]);
  await until(world, session.close());
  expect(heldWatches(world)).toEqual([]);
  expect(world.enabled()).toEqual([]);
});
