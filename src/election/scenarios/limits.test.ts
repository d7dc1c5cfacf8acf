/** Limits of servers and networks: connections per address, long lists, permissions. */
import getPort from "get-port";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { findDistribution } from "../../ensemble/distribution.ts";
import { startServer } from "../../ensemble/server.ts";
import { Venue } from "../../testing/venue.ts";
import { hostAndPort } from "../../zookeeper/connect-string.ts";
import { ConnectTimeout, NoAuth } from "../../zookeeper/errors.ts";
import type { NativeSession } from "../../zookeeper/native-session.ts";
import { openSession } from "../../zookeeper/open-session.ts";
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
  // The default of an unconfigured server.
  const settings = { maxClientCnxns: 60 };
  const options = { distribution, port, tickTimeMs: 200, fsync: false, settings };
  const connect = hostAndPort((await startServer(venue.scratch, options)).address);
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

/** Enough to make the list of their names longer than the megabyte that the Java client would accept. */
const MANY = 22_000;

test("S32 a child list of more than twenty thousand names and a megabyte: joining, waiting and taking over work as ever", async () => {
  const leader = await venue.joined({ timeoutMs: 10_000 });
  const others: string[] = [];
  for (let made = 0; made < MANY; made += 2000) {
    const creates = Array.from({ length: 2000 }, () =>
      venue.operator.create(`${venue.path}/${prefixOf(realRuntime.guid())}`, "", "ephemeral-sequential"),
    );
    others.push(...(await Promise.all(creates)).map((path) => path.slice(venue.path.length + 1)));
  }
  const names = (await venue.operator.children(venue.path)) ?? [];
  expect(names.reduce((bytes, name) => bytes + 4 + name.length, 0)).toBeGreaterThan(2 ** 20);

  // This one does not use a relay, which would join the pieces.
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

test("S37 it may not create a contender: the campaign ends with the refusal, after one attempt", async () => {
  await venue.joined().then(({ election }) => election.resign());
  // Only reading is permitted.
  await venue.operator.setAcl(venue.path, [{ permissions: 1, scheme: "world", id: "anyone" }]);
  const candidate = await venue.candidate();
  await expect(candidate.election.campaign()).rejects.toThrow(NoAuth);
  expect(candidate.count("creating")).toBe(1);
  expect(candidate.state.state).toBe("over");
  expect(candidate.session.state).toBe("connected");
});

test("S37 it may not create what is above its parents, which is there: it takes part", async () => {
  const closed = await venue.operator.create(`${venue.ensemble.root}/closed-above`, "", "persistent");
  const open = await venue.operator.create(`${closed}/open`, "", "persistent");
  await venue.operator.setAcl(closed, [{ permissions: 1, scheme: "world", id: "anyone" }]);
  const candidate = await venue.candidate({ path: `${open}/election` });
  await expect(candidate.election.campaign()).resolves.toMatchObject({ valid: true });
});

test("S37 it may not create the parents, which are somebody else's: the campaign ends with the refusal", async () => {
  const closed = await venue.operator.create(`${venue.ensemble.root}/closed`, "", "persistent");
  const somebody = "somebody:lGJHwnZmZVGQSDeJE0SoF4aR0yo=";
  await venue.operator.setAcl(closed, [{ permissions: 31, scheme: "digest", id: somebody }]);
  for (const path of [`${closed}/election`, `${closed}/missing/election`]) {
    const candidate = await venue.candidate({ path });
    await expect(candidate.election.campaign()).rejects.toThrow(NoAuth);
    expect(candidate.count("creating")).toBe(1);
  }
});
