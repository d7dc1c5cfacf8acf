import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { Venue } from "../testing/venue.ts";
import { CampaignEnded } from "./connection.ts";
import { Election } from "./election.ts";
import { observe, type Standing } from "./observer.ts";
import { schemes } from "./schemes.ts";

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("observer");
});

afterEach(() => venue.clear());
afterAll(() => venue[Symbol.asyncDispose]());

/** What an observer has seen, the latest last. */
async function watching(options: Parameters<typeof observe>[2] = {}) {
  const session = await venue.open();
  const seen: (Standing | undefined)[] = [];
  const over = (async () => {
    for await (const standing of observe(session, venue.path, options)) seen.push(standing);
  })();
  over.catch(() => undefined);
  return { session, seen, over };
}

test("contenders and leader return each contender with its data and the token of its term", async () => {
  const leader = await venue.joined({ data: "10.0.0.1:80" });
  const next = await venue.joined({ data: "größer" });
  const { token } = await leader.leads();
  const standing = await next.election.contenders();
  expect(standing).toMatchObject([
    { name: leader.name, token, data: "10.0.0.1:80", announced: false },
    { name: next.name, data: "größer" },
  ]);
  expect(await next.election.leader()).toEqual(standing[0]);
  await leader.election.resign();
  expect((await next.leads()).token).toBe(standing[1]?.token);
});

test("there is no leader if nobody stands, or if there is no election", async () => {
  const candidate = await venue.candidate();
  expect(await candidate.election.leader()).toBeUndefined();
  expect(await candidate.election.contenders()).toEqual([]);
  await candidate.join();
  await candidate.election.resign();
  expect(await candidate.election.leader()).toBeUndefined();
});

test("data is kept to 1024 bytes", async () => {
  const session = await venue.open();
  const { path } = venue;
  expect(() => new Election(session, { path, data: "x".repeat(1025) })).toThrow(RangeError);
  // Bytes, not characters.
  expect(() => new Election(session, { path, data: "ö".repeat(513) })).toThrow("1026 bytes");
  const data = "ö".repeat(512);
  const candidate = await venue.joined({ data, scheme: schemes.heir });
  await vi.waitFor(async () =>
    expect(await candidate.election.leader()).toMatchObject({ data, announced: true }),
  );
});

test("an observer sees each leader, from before there is an election until nobody stands any more", async () => {
  const { seen } = await watching();
  await vi.waitFor(() => expect(seen).toEqual([undefined]));
  const [a, b] = [await venue.joined({ data: "a" }), await venue.joined({ data: "b" })];
  await vi.waitFor(() => expect(seen.map((one) => one?.data)).toEqual([undefined, "a"]), 5000);
  await a.election.resign();
  await vi.waitFor(() => expect(seen.map((one) => one?.data)).toEqual([undefined, "a", "b"]));
  await a.join();
  await b.session.close();
  await vi.waitFor(() => expect(seen.map((one) => one?.data)).toEqual([undefined, "a", "b", "a"]));
  await a.election.resign();
  await vi.waitFor(() => expect(seen.map((one) => one?.data)).toEqual([undefined, "a", "b", "a", undefined]));
});

test("an observer sees that a leader has announced itself", async () => {
  const { seen } = await watching();
  await venue.joined({ scheme: schemes.heir });
  await vi.waitFor(() => expect(seen.at(-1)?.announced).toBe(true), 5000);
});

test("an observer that was cut off sees who leads when it is back", async () => {
  const relay = await venue.relay();
  const session = await venue.open({ relay });
  const [a, b] = [await venue.joined({ data: "a" }), await venue.joined({ data: "b" })];
  const seen: (string | undefined)[] = [];
  const over = (async () => {
    for await (const standing of observe(session, venue.path)) seen.push(standing?.data);
  })();
  await vi.waitFor(() => expect(seen).toEqual(["a"]));
  const held = relay.holdAt("to-server", "connect");
  relay.dropConnections();
  await vi.waitFor(() => expect(session.state).toBe("suspended"));
  await a.election.resign();
  await b.leads();
  held.release();
  await vi.waitFor(() => expect(seen).toEqual(["a", "b"]));
  relay.dropConnections();
  const ended = expect(over).rejects.toThrow(CampaignEnded);
  await session.close();
  await ended;
});

test("an observer that is cut off ends when its session does", async () => {
  await venue.joined();
  const relay = await venue.relay();
  const session = await venue.open({ relay, timeoutMs: 1000 });
  const mark = await session.create(`${venue.path}/mark`, "", "ephemeral");
  const seen: (string | undefined)[] = [];
  const over = (async () => {
    for await (const standing of observe(session, venue.path)) seen.push(standing?.name);
  })();
  const ended = expect(over).rejects.toThrow(CampaignEnded);
  await vi.waitFor(() => expect(seen).toHaveLength(1));
  relay.cut();
  await vi.waitFor(() => expect(session.state).toBe("suspended"), 5000);
  await vi.waitFor(async () => expect(await venue.operator.exists(mark)).toBeUndefined(), 5000);
  relay.heal();
  await ended;
  expect(session.state).toBe("expired");
});

test("an observer stops by its signal, and keeps at most one watch", async () => {
  const leader = await venue.joined();
  // The candidate has set its own watch by then.
  await venue.quiet(leader);
  const stop = new AbortController();
  const before = await venue.count("watch_count");
  const { session, seen, over } = await watching({ signal: stop.signal });
  await vi.waitFor(() => expect(seen).toHaveLength(1));
  for (let change = 0; change < 20; change++)
    await venue.operator.set(`${venue.path}/${leader.name}`, String(change), -1);
  await vi.waitFor(() => expect(seen.at(-1)?.data).toBe("19"));
  expect((await venue.count("watch_count")) - before).toBeLessThanOrEqual(1);
  const listeners = session.listenerCount("state");
  stop.abort(new Error("had enough"));
  await expect(over).rejects.toThrow("had enough");
  expect(session.listenerCount("state")).toBe(listeners - 1);
});
