/** Leftovers of elections on the server when they are over, or are given up. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { Venue } from "../../testing/venue.ts";
import { schemes } from "../schemes.ts";

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("watches");
});

afterEach(() => venue.clear());
afterAll(() => venue[Symbol.asyncDispose]());

const names = ["predecessor", "leader", "children", "heir"] as const;

test.each(names)(
  "S43 all resign, the last one first (%s): when the election is over no watch and no listener is left",
  async (name) => {
    const before = await venue.count("watch_count");
    const scene = [];
    for (let i = 0; i < 5; i++) scene.push(await venue.joined({ scheme: schemes[name] }));
    const sessions = scene.map(({ session }) => session);
    for (const { election } of scene.toReversed()) await election.resign();
    await venue.quiet(...scene);
    expect(await venue.contenders()).toEqual([]);
    // The child list itself stays: a candidate that watched it still has this one watch, which calls nobody.
    const left = name === "children" ? scene.length : 0;
    await vi.waitFor(async () =>
      expect((await venue.count("watch_count")) - before).toBeLessThanOrEqual(left),
    );
    expect(sessions.map((session) => session.listenerCount("state"))).toEqual(Array(5).fill(0));
  },
);

test.each(names)(
  "S43 one that waits resigns and joins again and again (%s): it leaves one watch at most, which calls nobody",
  async (name) => {
    const leader = await venue.joined({ scheme: schemes[name] });
    const restless = await venue.candidate({ scheme: schemes[name] });
    await restless.join();
    await restless.election.resign();
    await venue.quiet(leader, restless);
    const before = await venue.count("watch_count");
    for (let round = 0; round < 10; round++) {
      await restless.join();
      await restless.election.resign();
    }
    await venue.quiet(leader, restless);
    expect(await venue.count("watch_count")).toBeLessThanOrEqual(before);
    const heard = restless.phases.length;
    await leader.election.resign();
    await venue.quiet(leader, restless);
    expect(restless.phases.slice(heard)).toEqual([]);
    expect(restless.state.state).toBe("idle");
  },
);
