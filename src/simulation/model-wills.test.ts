/** Sessions in the model whose processes leave wills, kept by the real keeper. */
import { expect, test } from "vitest";
import { reactions } from "./reactions.ts";
import { isAlive } from "./view.ts";
import { World } from "./world.ts";

/** A process with a session at a world of one server. */
function opened(wills: boolean) {
  const world = new World();
  const client = world.newClient(wills);
  const session = client.openAt(0, 600);
  const carriedOut = () => world.enabled().filter(({ type }) => type === "carry-out");
  return { world, client, session, carriedOut };
}

test("the session of a process that is killed ends at once if it has left a will, and lives on otherwise", async () => {
  for (const wills of [true, false]) {
    const { world, client, session, carriedOut } = opened(wills);
    world.faults.kill(client);
    await reactions();
    for (const event of carriedOut()) world.perform(event);
    expect(isAlive(world, session.id)).toBe(!wills);
  }
});

test("a process that loses its connection to the servers, stands still or loses whoever keeps its will, lives", async () => {
  const { world, client, session, carriedOut } = opened(true);
  world.faults.drop(session);
  world.faults.freeze(client);
  world.faults.losePipe(client);
  await reactions();
  expect(carriedOut()).toEqual([]);
  // Nobody keeps its will any more.
  world.faults.kill(client);
  await reactions();
  expect(carriedOut()).toEqual([]);
});

test("a session that has ended has no will", async () => {
  const { world, client, session, carriedOut } = opened(true);
  void session.close();
  world.faults.kill(client);
  await reactions();
  expect(carriedOut()).toEqual([]);
});
