import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import getPort from "get-port";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openSession } from "../zookeeper/open-session.ts";
import { startMembers } from "./local-members.ts";
import { connectOf, foreignMember, leaderOf } from "./member.ts";
import { Scratch } from "./scratch.ts";

vi.mock("get-port", { spy: true });

const OPTIONS = { tickTimeMs: 200, fsync: false } as const;

let scratch: Scratch;

beforeEach(async () => {
  scratch = await Scratch.create();
});

afterEach(async () => {
  vi.mocked(getPort).mockReset();
  await scratch[Symbol.asyncDispose]();
});

describe("a server reports its role", () => {
  test("which is standalone for a single server", async () => {
    const { members } = await startMembers(scratch, OPTIONS);
    expect(await members[0].role()).toBe("standalone");
    await expect(leaderOf(members)).rejects.toThrow("none of the servers leads");
  });

  test.each([3, 5] as const)("and of %i one leads", async (servers) => {
    const { members } = await startMembers(scratch, { ...OPTIONS, servers });
    const followers = Array.from({ length: servers - 1 }, () => "follower");
    // A busy machine may keep one from answering for a moment.
    await vi.waitFor(async () => {
      const roles = await Promise.all(members.map((member) => member.role()));
      expect(roles.toSorted()).toEqual([...followers, "leader"]);
    }, 15_000);
    expect(await (await leaderOf(members)).role()).toBe("leader");
  });

  test("as far as it answers; the user's own as well, which have no process of ours", async () => {
    const { members } = await startMembers(scratch, OPTIONS);
    const [{ address, process }] = members;
    const theirs = foreignMember(address);
    expect(theirs.process).toBeUndefined();
    expect(await theirs.role()).toBe("standalone");
    process.pause();
    // A thread that is just answering is stopped a moment later.
    await vi.waitFor(async () => expect(await theirs.role()).toBeNull(), 20_000);
    process.resume();
    expect(await theirs.role()).toBe("standalone");
    await process.kill();
    expect(await theirs.role()).toBeNull();
  });
});

test("a server that is killed and started again has its data, its port, and a new process", async () => {
  const { members } = await startMembers(scratch, OPTIONS);
  const [{ process }] = members;
  const session = await openSession({ connect: connectOf(members), timeoutMs: 10_000 });
  await session.create("/kept", "as it was", "persistent");
  const { pid } = process;
  await process.kill();
  // What is dead stays dead.
  await process.kill();
  await process.restart();
  expect(process.pid).not.toBe(pid);
  expect((await session.get("/kept"))?.data.toString()).toBe("as it was");
  await session.close();
});

test.each([
  // Each server gets two ports for the other servers before those for clients. A taken one is found before it
  // starts.
  ["a port for clients", 8, 8 + 9],
  ["a port for the others", 4, 9 + 9],
])("%s that is taken meanwhile costs all servers a try, and leaves nothing", async (_, call, asked) => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  const ask = vi.mocked(getPort);
  ask.mockImplementation(async () => (ask.mock.calls.length === call ? port : freePort()));
  const { members } = await startMembers(scratch, { ...OPTIONS, servers: 3 });
  expect(ask.mock.calls.length).toBe(asked);
  expect(await (await leaderOf(members)).role()).toBe("leader");
  // The keeper, and the servers of the last try.
  expect(scratch.remains().processes).toBe(4);
  taken.close();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
