/** What servers and networks permit: connections of one address, long lists, rights; and all who return at once. */
import getPort from "get-port";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { findDistribution } from "../../ensemble/distribution.ts";
import { nameOf } from "../../ensemble/four-letter-word.ts";
import { startServer } from "../../ensemble/server.ts";
import type { Candidate } from "../../testing/candidate.ts";
import { Venue } from "../../testing/venue.ts";
import { ConnectTimeout, NoAuth } from "../../zookeeper/errors.ts";
import { type NativeSession, openSession } from "../../zookeeper/native-session.ts";
import { prefixOf } from "../contenders.ts";
import { Election } from "../election.ts";
import { realRuntime } from "../runtime.ts";

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("limits");
});

afterEach(() => venue.clear());
afterAll(() => venue[Symbol.asyncDispose]());

test("S31 the server has no room for one more connection: it is told which limit to look at, the others elect, and whoever comes when there is room takes part", async () => {
  const [distribution, port] = [await findDistribution(), await getPort({ host: "127.0.0.1" })];
  // The default of a server that nobody has configured.
  const settings = { maxClientCnxns: 60 };
  const options = { distribution, port, tickTimeMs: 200, fsync: false, settings };
  const connect = nameOf((await startServer(venue.scratch, options)).address);
  const sessions: NativeSession[] = [];
  try {
    while (sessions.length < settings.maxClientCnxns)
      sessions.push(await openSession({ connect, timeoutMs: 10_000 }));
    const refused = openSession({ connect, timeoutMs: 4000, connectTimeoutMs: 500 });
    await expect(refused).rejects.toThrow(ConnectTimeout);
    await expect(refused).rejects.toThrow("maxClientCnxns");

    const [first, second] = sessions as [NativeSession, NativeSession];
    await new Election(first, { path: "/full" }).campaign();
    await second.close();
    const late = await openSession({ connect, timeoutMs: 4000 });
    sessions.push(late);
    const won = new Election(late, { path: "/full" }).campaign();
    await first.close();
    expect((await won).valid).toBe(true);
  } finally {
    for (const session of sessions) await session.close();
  }
});

/** As many as make the list of their names longer than the megabyte that the Java client would accept. */
const MANY = 22_000;

test("S32 a child list of more than twenty thousand names and a megabyte: joining, waiting and taking over work as ever", async () => {
  const leader = await venue.joined({ timeoutMs: 10_000 });
  const others: string[] = [];
  for (let made = 0; made < MANY; made += 2000) {
    const creates = Array.from({ length: 2000 }, () =>
      venue.operator.create(`${venue.path}/${prefixOf(realRuntime.guid())}`, "", "persistent-sequential"),
    );
    others.push(...(await Promise.all(creates)).map((path) => path.slice(venue.path.length + 1)));
  }
  const names = (await venue.operator.children(venue.path)) ?? [];
  expect(names.reduce((bytes, name) => bytes + 4 + name.length, 0)).toBeGreaterThan(2 ** 20);

  // Not through a relay, which would put the pieces together.
  const last = await venue.joined({ timeoutMs: 10_000 });
  const [before, beforeThat] = [others.at(-1), others.at(-2)] as [string, string];
  expect(last.watches).toBe(before);
  await venue.remove(before);
  await last.waitsBehind({ name: beforeThat });
  expect([leader, last].flatMap(({ sessions }) => sessions.map(({ state }) => state))).toEqual([
    "connected",
    "connected",
  ]);
  expect(leader.terms).toHaveLength(1);
  expect((await leader.leads()).valid).toBe(true);
});

describe("S33 all sessions end at once", () => {
  const N = 20;

  async function allReturn(scene: readonly Candidate[]): Promise<void> {
    await vi.waitFor(async () => expect(await venue.contenders()).toHaveLength(N), 15_000);
    await vi.waitFor(() => expect(venue.referee.valid).toHaveLength(1), 15_000);
    await vi.waitFor(
      () => expect(scene.filter(({ state }) => state.state === "waiting")).toHaveLength(N - 1),
      15_000,
    );
    expect((await venue.contenders()).toSorted()).toEqual(scene.map(({ name }) => name).toSorted());
  }

  test("S33 cut off for longer than the timeout: all return with new sessions, one leads, and nobody asks again and again", async () => {
    const relay = await venue.relay();
    const scene: Candidate[] = [];
    for (let i = 0; i < N; i++) scene.push(await venue.joined({ relay, timeoutMs: 1500, rejoin: true }));
    const lists = scene.reduce((sum, one) => sum + one.count("reading"), 0);
    const returnedAt: number[] = [];
    for (const { election } of scene) election.on("rejoined", () => returnedAt.push(performance.now()));
    relay.cut();
    await vi.waitFor(async () => expect(await venue.contenders()).toEqual([]), 10_000);
    relay.heal();
    await allReturn(scene);
    expect(scene.map(({ sessions }) => sessions.length)).toEqual(Array(N).fill(2));
    expect(scene.map((one) => one.count("created"))).toEqual(Array(N).fill(2));
    // They do not all come in the same moment.
    expect(Math.max(...returnedAt) - Math.min(...returnedAt)).toBeGreaterThan(100);
    // One look each when they join; a few may have lost the one before them meanwhile.
    expect(scene.reduce((sum, one) => sum + one.count("reading"), 0) - lists).toBeLessThan(2 * N);
  });

  test("S33 the server stands still for longer than the timeout: whether their sessions end or not, one leads, and all stand once", async () => {
    const scene: Candidate[] = [];
    for (let i = 0; i < N; i++) scene.push(await venue.joined({ timeoutMs: 1000, rejoin: true }));
    const [leader] = scene as [Candidate];
    const term = await leader.leads();
    process.kill(venue.pid, "SIGSTOP");
    try {
      await term.ended;
      await vi.waitFor(() => expect(performance.now()).toBeGreaterThan(term.validUntil + 1000), 5000);
    } finally {
      process.kill(venue.pid, "SIGCONT");
    }
    await allReturn(scene);
  });
});

test("S37 it may not create a contender: the campaign ends with the refusal, after one attempt", async () => {
  await venue.joined().then(({ election }) => election.resign());
  // Read, and nothing else.
  await venue.operator.setAcl(venue.path, [{ permissions: 1, scheme: "world", id: "anyone" }]);
  const candidate = await venue.candidate();
  await expect(candidate.election.campaign()).rejects.toThrow(NoAuth);
  expect(candidate.count("creating")).toBe(1);
  expect(candidate.state.state).toBe("over");
  expect(candidate.session.state).toBe("connected");
});

test("S37 it may not create the parents, which are somebody else's: the campaign ends with the refusal", async () => {
  const closed = await venue.operator.create(`${venue.ensemble.root}/closed`, "", "persistent");
  const somebody = "somebody:lGJHwnZmZVGQSDeJE0SoF4aR0yo=";
  await venue.operator.setAcl(closed, [{ permissions: 31, scheme: "digest", id: somebody }]);
  const candidate = await venue.candidate({ path: `${closed}/election` });
  await expect(candidate.election.campaign()).rejects.toThrow(NoAuth);
  expect(candidate.count("creating")).toBe(1);
});
