/**
 * Runs a world without choosing: events happen in the order in which the world lists them, and time passes when
 * nothing else may happen. For tests that are not about the order.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { World } from "../simulation/world.ts";

/** Runs until nothing may happen except that time passes. */
export async function settle(world: World): Promise<void> {
  await nextTurn();
  for (let event = world.enabled()[0]; event !== undefined; event = world.enabled()[0]) {
    if (event.type === "advance" && world.nextDueAt > world.now) return;
    world.perform(event);
    await nextTurn();
  }
}

/** Lets this much time pass, with everything that happens in it. */
export async function pass(world: World, ms: number): Promise<void> {
  const end = world.now + ms;
  await settle(world);
  while (world.nextDueAt <= end) {
    world.perform({ type: "advance" });
    await settle(world);
  }
  if (world.now < end) world.faults.leap(end - world.now);
}

/** Runs until a promise settles, and settles with its outcome. */
export async function until<T>(world: World, promise: Promise<T>): Promise<T> {
  const watched: { state: "pending" | "settled" } = { state: "pending" };
  const done = () => {
    watched.state = "settled";
  };
  promise.then(done, done);
  for (;;) {
    await nextTurn();
    if (watched.state === "settled") return promise;
    const event = world.enabled()[0];
    if (event === undefined) throw new Error("nothing may happen any more, and the promise is still pending");
    world.perform(event);
  }
}
