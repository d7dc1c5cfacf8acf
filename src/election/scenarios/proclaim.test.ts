/** The data that others read about a candidate changes while it stands. */
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { TestCandidate } from "../../testing/test-candidate.ts";
import { Venue } from "../../testing/venue.ts";
import { CampaignEnded } from "../connection.ts";
import { observe } from "../observer.ts";
import { schemeNames, schemes } from "../schemes.ts";

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("proclaim");
});

afterEach(() => venue.clear());
afterAll(() => venue[Symbol.asyncDispose]());

const heirs = { scheme: schemes.heir };

/** The candidate's data as anybody reads it. */
async function dataOf({ election, name }: TestCandidate): Promise<string | undefined> {
  return (await election.contenders()).find((standing) => standing.name === name)?.data;
}

describe.each(schemeNames)("under %s", (name) => {
  const scheme = schemes[name];

  test("a leader and a waiting candidate write theirs at once, and nothing else changes", async () => {
    const [leader, next] = [await venue.joined({ scheme }), await venue.joined({ scheme })];
    const term = await leader.leads();
    if (name === "heir") await next.until("heir");
    await leader.election.proclaim("10.0.0.1:81");
    await next.election.proclaim("10.0.0.2:82");
    expect(await dataOf(leader)).toBe("10.0.0.1:81");
    expect(await dataOf(next)).toBe("10.0.0.2:82");
    await venue.quiet(leader, next);
    await next.until(name === "heir" ? "heir" : "waiting");
    expect(leader.state).toEqual({ state: "leading", term });
    expect(await venue.contenders()).toEqual([leader.name, next.name]);
    await leader.election.resign();
    await next.leads();
  });

  test("a hundred changes leave one watch, and wake the next one as soon as the leader goes", async () => {
    const [leader, next] = [await venue.joined({ scheme }), await venue.joined({ scheme })];
    await leader.leads();
    if (name === "heir") await next.until("heir");
    await venue.quiet(leader, next);
    const watches = await venue.count("watch_count");
    for (let change = 0; change < 100; change++) await leader.election.proclaim(String(change));
    await venue.quiet(leader, next);
    await venue.quiet(leader, next);
    expect(await venue.count("watch_count")).toBe(watches);
    await next.until(name === "heir" ? "heir" : "waiting");
    const reads = next.count("reading");
    await leader.election.resign();
    await next.leads();
    // The heir still inherits, without another look.
    expect(next.count("reading") - reads).toBe(name === "heir" ? 0 : 1);
  });
});

test("a leader's announcement stays in every write, and its heir stays an heir", async () => {
  const session = await venue.open();
  const written: string[] = [];
  const recorded = new Proxy(session, {
    get(target, key) {
      const value = Reflect.get(target, key) as unknown;
      if (key === "set")
        return (path: string, data: string, version: number) => {
          written.push(data);
          return target.set(path, data, version);
        };
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const leader = await venue.joined({ ...heirs, session: recorded });
  const next = await venue.joined(heirs);
  await next.until("heir");
  await leader.election.proclaim("new");
  await vi.waitFor(() => expect(next.count("notified: changed")).toBeGreaterThan(0));
  expect(await next.election.leader()).toMatchObject({ data: "new", announced: true });
  await next.until("heir");
  const { token } = await leader.leads();
  expect(written.map((content) => JSON.parse(content))).toEqual([
    { data: "", announced: token },
    { data: "new", announced: token },
  ]);
});

test("data proclaimed before the leader has announced itself neither loses the announcement nor is lost", async () => {
  const leader = await venue.candidate(heirs);
  leader.election.on("claimed", () => void leader.election.proclaim("at once"));
  await leader.join();
  await vi.waitFor(async () =>
    expect(await leader.election.leader()).toMatchObject({ data: "at once", announced: true }),
  );
});

test("an observer sees each change of the leader's", async () => {
  const leader = await venue.joined({ data: "a" });
  const session = await venue.open();
  const seen: (string | undefined)[] = [];
  const stop = new AbortController();
  const over = (async () => {
    for await (const standing of observe(session, venue.path, { signal: stop.signal }))
      seen.push(standing?.data);
  })();
  await vi.waitFor(() => expect(seen).toEqual(["a"]));
  await leader.election.proclaim("b");
  await vi.waitFor(() => expect(seen).toEqual(["a", "b"]));
  stop.abort(new Error("seen"));
  await expect(over).rejects.toThrow("seen");
});

test("proclaimed before it joins: it joins with that data, and again after it has resigned", async () => {
  const candidate = await venue.candidate({ data: "old" });
  await candidate.election.proclaim("new");
  await candidate.join();
  expect(await dataOf(candidate)).toBe("new");
  await candidate.election.resign();
  await candidate.join();
  expect(await dataOf(candidate)).toBe("new");
});

test("proclaimed while its create is in flight: written when the contender is there", async () => {
  const candidate = await venue.relayed({ data: "old" });
  const held = candidate.connection.holdAt("to-client", "create");
  const joined = candidate.join();
  await held.reached;
  const proclaimed = candidate.election.proclaim("new");
  held.release();
  await joined;
  await proclaimed;
  expect(await dataOf(candidate)).toBe("new");
});

test("proclaimed while disconnected: written when it is back, in the same contender", async () => {
  const leader = await (await venue.relayed()).join();
  const { name } = leader;
  const held = leader.connection.holdAt("to-server", "connect");
  await leader.reset();
  await leader.until("suspended");
  const proclaimed = leader.election.proclaim("new");
  held.release();
  await proclaimed;
  expect(leader.name).toBe(name);
  expect(await dataOf(leader)).toBe("new");
});

test("a contender that somebody deletes, and one of the next session, have the new data", async () => {
  const leader = await (await venue.relayed({ timeoutMs: 1000, rejoin: true, data: "old" })).join();
  await leader.leads();
  await leader.election.proclaim("new");
  await venue.remove(leader.name);
  await once(leader.election, "claimed");
  expect(await dataOf(leader)).toBe("new");
  leader.connection.cut();
  await vi.waitFor(async () => expect(await venue.contenders()).toEqual([]), 5000);
  // This includes data proclaimed in between.
  const proclaimed = leader.election.proclaim("newer");
  leader.connection.heal();
  await proclaimed;
  expect(leader.sessions).toHaveLength(2);
  expect(await dataOf(leader)).toBe("newer");
});

test("a candidate that no longer stands cannot", async () => {
  const candidate = await (await venue.relayed({ timeoutMs: 1000 })).join();
  candidate.connection.cut();
  await candidate.until("suspended");
  const proclaimed = candidate.election.proclaim("new");
  const refused = expect(proclaimed).rejects.toThrow(CampaignEnded);
  await venue.end(candidate);
  await refused;
  await expect(candidate.election.proclaim("new")).rejects.toThrow("this candidate is over");
});

test("data is kept to 1024 bytes", async () => {
  const leader = await venue.joined({ data: "old" });
  await expect(leader.election.proclaim("x".repeat(1025))).rejects.toThrow(RangeError);
  expect(await dataOf(leader)).toBe("old");
});
