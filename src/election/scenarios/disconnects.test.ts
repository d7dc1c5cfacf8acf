/**
 * Connections are lost for a while, in both directions or in one, and come back while the session lives, or do
 * not.
 */
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { Venue } from "../../testing/venue.ts";

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("disconnects");
});

afterEach(() => venue.clear());
afterAll(() => venue[Symbol.asyncDispose]());

test("S17 a short disconnect ends the term under strict: the same contender leads again, with the same token", async () => {
  const leader = await (await venue.relayed({ suspendedPolicy: "strict" })).join();
  const follower = await venue.joined();
  const first = await leader.leads();
  const held = leader.connection.holdAt("to-server", "connect");
  await leader.reset();
  expect(await first.ended).toBe("suspended");
  expect(first.valid).toBe(false);
  expect(first.signal.reason).toMatchObject({ name: "TermEnded", reason: "suspended" });
  held.release();
  const second = await leader.leads();
  expect(second.token).toBe(first.token);
  expect(second.valid).toBe(true);
  expect(follower.terms).toEqual([]);
});

test("S17 a short disconnect does not end the term under session: it keeps leading in it", async () => {
  const leader = await (await venue.relayed({ suspendedPolicy: "session" })).join();
  const follower = await venue.joined();
  const term = await leader.leads();
  await leader.beats();
  for (let round = 0; round < 3; round++) {
    const held = leader.connection.holdAt("to-server", "connect");
    await leader.reset();
    await once(leader.session, "state");
    expect(leader.session.state).toBe("suspended");
    expect(term.valid).toBe(true);
    held.release();
    await once(leader.election, "beat");
    expect(leader.state).toEqual({ state: "leading", term });
  }
  expect(term.signal.aborted).toBe(false);
  expect(leader.terms).toHaveLength(1);
  expect(follower.terms).toEqual([]);
});

test("S17 a long disconnect ends the term under session, counted from the last answer, not from when it was noticed", async () => {
  const T = 1500;
  const leader = await (await venue.relayed({ timeoutMs: T, suspendedPolicy: "session" })).join();
  const next = await venue.joined();
  const term = await leader.leads();
  await leader.beats();
  leader.connection.cut();
  await once(leader.session, "state");
  const { sentAt: contactAt = 0 } = leader.session.contacts.last ?? {};
  const { validUntil } = term;
  expect(validUntil).toBeLessThanOrEqual(contactAt + T - 200);
  expect(await term.ended).toBe("lapsed");
  expect(term.validUntil).toBe(validUntil);
  await next.leads();
  expect(next.terms[0]?.claimedAt).toBeGreaterThan(contactAt + T);
});

test("S18 its own clock ends the term and the session lives on: the same contender leads again, not a second one behind it", async () => {
  // The lease is far shorter than the session, so there is time to come back in between.
  const options = { timeoutMs: 3000, tickTimeMs: 800, suspendedPolicy: "session", rejoin: true } as const;
  const leader = await (await venue.relayed(options)).join();
  const first = await leader.leads();
  await leader.beats();
  leader.connection.cut();
  expect(await first.ended).toBe("lapsed");
  leader.connection.heal();
  const second = await leader.leads();
  expect(second.token).toBe(first.token);
  expect(await venue.contenders()).toEqual([leader.name]);
  expect(leader.count("created")).toBe(1);
  expect(leader.sessions).toHaveLength(1);
});

test("S21 reconnects change neither the leader nor the contenders nor the number of watches", async () => {
  const scene = [await venue.relayed(), await venue.relayed(), await venue.relayed()] as const;
  for (const candidate of scene) await candidate.join();
  const [leader, second, third] = scene;
  await leader.beats();
  const names = await venue.contenders();
  const watches = await venue.count("watch_count");
  for (let round = 0; round < 15; round++) {
    const lost = scene.map(({ session }) => once(session, "state"));
    await Promise.all(scene.map((one) => one.reset()));
    await Promise.all(lost);
    await leader.leads();
    await second.waitsBehind(leader);
    await third.waitsBehind(second);
  }
  await leader.beats();
  await venue.quiet(...scene);
  expect(await venue.contenders()).toEqual(names);
  expect(scene.map(({ name }) => name)).toEqual(names);
  expect(scene.map((candidate) => candidate.count("created"))).toEqual([1, 1, 1]);
  // The server drops the watches of a connection when it has seen its end.
  await vi.waitFor(async () => expect(await venue.count("watch_count")).toBe(watches));
});

test("S40 a short glitch does not end the session of a waiting candidate or a leader", async () => {
  const leader = await (await venue.relayed()).join();
  const follower = await (await venue.relayed()).join();
  const ids = [leader, follower].map(({ session }) => session.id);
  const seen = new Set<string>();
  for (const one of [leader, follower]) {
    one.session.on("state", (state) => seen.add(state));
    await one.reset();
  }
  await leader.until("suspended");
  await leader.leads();
  await follower.waitsBehind(leader);
  expect([leader, follower].map(({ session }) => session.id)).toEqual(ids);
  expect([...seen].toSorted()).toEqual(["connected", "suspended"]);
});

test("S42 what the leader says is lost, what it is told arrives: its term is over before its successor claims", async () => {
  const leader = await (await venue.relayed({ timeoutMs: 1500, suspendedPolicy: "session" })).join();
  const next = await venue.joined();
  const term = await leader.leads();
  await leader.beats();
  leader.connection.pause("to-server");
  await next.leads();
  expect(term.validUntil).toBeLessThan(next.terms[0]?.claimedAt ?? 0);
  expect(await term.ended).toBe("lapsed");
  leader.connection.resume("to-server");
  await leader.until("over");
});

test("S42 what the leader says arrives, what it is told is lost: it stops by its own clock, and may lead again afterwards", async () => {
  const leader = await (await venue.relayed({ timeoutMs: 1500, suspendedPolicy: "session" })).join();
  const next = await venue.joined();
  const term = await leader.leads();
  await leader.beats();
  leader.connection.pause("to-client");
  expect(await term.ended).toBe("lapsed");
  expect(term.valid).toBe(false);
  // The server hears from the candidate again and again, so the session may live all the while.
  leader.connection.resume("to-client");
  await vi.waitFor(() => expect(venue.referee.valid).toHaveLength(1), 10_000);
  expect([leader.state.state, next.state.state].filter((state) => state === "leading")).toHaveLength(1);
});
