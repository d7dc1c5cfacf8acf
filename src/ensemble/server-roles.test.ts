import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type LocalEnsemble, startLocal } from "./local.ts";
import { leaderOf } from "./member.ts";
import { Scratch } from "./scratch.ts";
import { ServerRoles } from "./server-roles.ts";

let scratch: Scratch;
let ensemble: LocalEnsemble;

beforeAll(async () => {
  scratch = await Scratch.create();
  ensemble = await startLocal(scratch, { servers: 3, tickTimeMs: 200, fsync: false, runId: "roles-test" });
}, 60_000);

afterAll(async () => {
  await ensemble.close();
  await scratch[Symbol.asyncDispose]();
});

test("roles are noted where they have changed; what monitors have said is not asked again", async () => {
  const { members, monitors } = ensemble;
  let now = 0;
  const roles = new ServerRoles(ensemble, () => ++now);
  const since = performance.now();
  await monitors.call();
  const asked = members.map((member) => vi.spyOn(member, "role"));
  await roles.note(0, since);
  for (const role of asked) expect(role).not.toHaveBeenCalled();
  await roles.note(1, performance.now());
  for (const role of asked) expect(role).toHaveBeenCalledTimes(1);
  expect(roles.seen).toHaveLength(1);
  expect(roles.seen[0]?.roles.toSorted()).toEqual(["follower", "follower", "leader"]);

  const leader = await leaderOf(members);
  const place = members.indexOf(leader);
  await leader.process.kill();
  await vi.waitFor(async () => expect(await leaderOf(members)).not.toBe(leader), 15_000);
  await roles.note(2, performance.now());
  expect(roles.seen).toMatchObject([
    { failover: 0, at: 1 },
    { failover: 2, at: 2 },
  ]);
  expect(roles.seen[1]?.roles[place]).toBeNull();
  expect(roles.seen[1]?.roles).toContain("leader");
}, 60_000);
