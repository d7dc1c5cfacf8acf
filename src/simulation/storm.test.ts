/**
 * Random storms: whatever happens in whatever order, the same choices make the same history, and once all
 * faults are over every promise settles and every session is connected or over.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { pass, settle } from "../testing/drive-world.ts";
import { Watch } from "../zookeeper/session.ts";
import type { ModelSession } from "./model-session.ts";
import { inFlight, stateOf } from "./view.ts";
import { World } from "./world.ts";

interface Storm {
  readonly world: World;
  readonly states: string[];
  /** Promises that have not settled. */
  readonly pending: () => number;
}

async function storm(seed: number, replicas: number, steps: number): Promise<Storm> {
  const world = new World({ replicas, seed });
  const chance = world.newClient();
  const sessions: ModelSession[] = [];
  const states: string[] = [];
  const calls = { made: 0, settled: 0 };
  for (let i = 0; i < 3; i++) sessions.push(world.newClient().openAt(i % replicas, 1500));
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(chance.random() * from.length)];
  const done = () => {
    calls.settled++;
  };
  const call = (promise: Promise<unknown>) => {
    calls.made++;
    promise.then(done, done);
  };

  for (let i = 0; i < steps; i++) {
    const session = pick(sessions);
    const replica = pick(world.ensemble.replicas);
    if (session === undefined || replica === undefined) throw new Error("an empty world");
    const { client } = session;
    const acts: (() => void)[] = [
      () => call(session.create("/a-", "", "ephemeral-sequential")),
      () => call(session.get("/", new Watch(() => undefined))),
      () => call(session.children("/", new Watch(() => call(session.children("/"))))),
      () => call(session.set("/", `${i}`, -1)),
      () => call(session.sync("/")),
      () => world.faults.drop(session, Math.floor(chance.random() * 3)),
      () => world.faults.setNetwork(client, pick(["open", "cut", "deaf", "mute"] as const) ?? "open"),
      () => (client.runs ? world.faults.freeze(client) : world.faults.thaw(client)),
      () => (replica.state === "up" ? world.faults.pause(replica) : world.faults.resume(replica)),
      () => (replica.state === "down" ? world.faults.restart(replica) : world.faults.crash(replica)),
      () => world.faults.elect(replica),
      () => world.faults.setLink(replica, pick(["open", "cut", "deaf", "mute"] as const) ?? "open"),
      () => world.faults.loseLink(replica, pick(["apart", "severed"] as const) ?? "apart"),
      () => world.faults.healLink(replica),
      () => world.faults.leap(Math.floor(chance.random() * 700)),
      () => world.operator.remove("/x"),
      () => world.operator.create("/x/y"),
      () => {
        if (chance.random() < 0.1) world.faults.endSession(session);
      },
      () => {
        if (chance.random() < 0.1) call(session.close());
      },
    ];
    if (chance.random() < 0.25) pick(acts)?.();
    const event = pick(world.enabled());
    if (event !== undefined) expect(world.perform(event)).toBe(true);
    await nextTurn();
    states.push(stateOf(world));
  }
  for (const client of world.clients) {
    world.faults.thaw(client);
    world.faults.heal(client);
  }
  for (const replica of world.ensemble.replicas) {
    world.faults.resume(replica);
    world.faults.restart(replica);
    world.faults.healLink(replica);
  }
  await pass(world, 5000);
  await settle(world);
  return { world, states, pending: () => calls.made - calls.settled };
}

test.each([1, 3])("with %i replicas, all settles after the storm", async (replicas) => {
  for (let seed = 1; seed <= 150; seed++) {
    const { world, pending } = await storm(seed, replicas, 150);
    expect({ seed, pending: pending(), inFlight: inFlight(world) }).toEqual({
      seed,
      pending: 0,
      inFlight: 0,
    });
    for (const { id, state } of world.sessions) {
      expect({ seed, id, state }).toEqual({
        seed,
        id,
        state: expect.stringMatching(/connected|expired|closed/),
      });
      if (state === "connected") expect(world.ensemble.sessions.has(id)).toBe(true);
    }
    const [first] = world.ensemble.replicas;
    for (const { tree } of world.ensemble.replicas) {
      expect([...tree.entries()]).toEqual([...(first?.tree.entries() ?? [])]);
      for (const [, { owner }] of tree.entries()) {
        if (owner !== "0") expect(world.ensemble.sessions.has(owner)).toBe(true);
      }
    }
  }
});

test("the same choices make the same history", async () => {
  const [one, two] = [await storm(7, 3, 200), await storm(7, 3, 200)];
  expect(one.states).toEqual(two.states);
});
