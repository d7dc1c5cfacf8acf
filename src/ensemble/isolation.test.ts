import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Network } from "../network/network.ts";
import { openSession } from "../zookeeper/open-session.ts";
import { type LocalMembers, startMembers } from "./local-members.ts";
import { connectOf, leaderOf } from "./member.ts";
import { Scratch } from "./scratch.ts";

const ALL = ["follower", "follower", "leader"];

let scratch: Scratch;
let network: Network;
let members: LocalMembers;

beforeAll(async () => {
  scratch = await Scratch.create();
  network = await Network.open({ origin: process.hrtime.bigint(), seed: 1 });
  ({ members } = await startMembers(scratch, { tickTimeMs: 200, fsync: false, servers: 3, network }));
  await vi.waitFor(async () => expect(await roles()).toEqual(ALL), 15_000);
});

afterAll(async () => {
  await scratch[Symbol.asyncDispose]();
  await network[Symbol.asyncDispose]();
});

/** Sorted, so that it does not matter who has which. */
async function roles(): Promise<(string | null)[]> {
  const all = await Promise.all(members.map((member) => member.role()));
  return all.toSorted();
}

test("the leader of three, cut off from the others while clients reach it, is replaced, and follows when healed", async () => {
  const old = await leaderOf(members);
  await using session = await openSession({ connect: connectOf([old]), timeoutMs: 30_000 });
  await session.create("/before", "", "persistent");

  const cut = await network.isolate(members.indexOf(old) + 1);
  const write = session.create("/during", "", "persistent").then(
    () => "written",
    () => "refused",
  );
  // The old leader no longer serves, and one of the two others leads.
  await vi.waitFor(async () => {
    expect(await old.role()).toBeNull();
    expect(await roles()).toEqual(["follower", "leader", null]);
  }, 20_000);
  expect(await write).toBe("refused");

  await cut.end();
  await vi.waitFor(async () => expect(await old.role()).toBe("follower"), 20_000);
  expect(await roles()).toEqual(ALL);
  await using later = await openSession({ connect: connectOf(members), timeoutMs: 4000 });
  const found = await later.sync("/").then(() => later.children("/"));
  expect(found).toContain("before");
  expect(found).not.toContain("during");
});

test("a server that is killed is replaced, and comes back, through relays as well", async () => {
  const leader = await leaderOf(members);
  await leader.process.kill();
  await vi.waitFor(async () => expect(await roles()).toEqual(["follower", "leader", null]), 20_000);
  await leader.process.restart();
  await vi.waitFor(async () => expect(await roles()).toEqual(ALL), 20_000);
});
