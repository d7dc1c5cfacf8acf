/**
 * Candidates that join by number: they read no list, and yet stand in one line with those that join by list.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Venue } from "../../testing/venue.ts";
import { contenderOf } from "../contenders.ts";
import { realRuntime } from "../runtime.ts";
import { schemes } from "../schemes.ts";

const join = "by-number";

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("by-number");
});

afterEach(() => venue.clear());
afterAll(() => venue[Symbol.asyncDispose]());

test("behind one that joined by number nobody reads the list, neither to join nor to inherit", async () => {
  const options = { join, scheme: schemes.heir } as const;
  const first = await venue.joined(options);
  const second = await venue.joined(options);
  const third = await venue.joined(options);
  await second.until("heir");
  await third.waitsBehind(second);
  await first.election.resign();
  await second.leads();
  await third.until("heir");
  await second.election.resign();
  await third.leads();
  expect([second, third].map((one) => one.count("reading"))).toEqual([0, 0]);
});

test("both kinds lead in the order in which they joined", async () => {
  const line = [];
  for (const how of ["by-number", "by-list", "by-list", "by-number", "by-number"] as const)
    line.push(await venue.joined({ join: how }));
  expect(await venue.contenders()).toEqual(line.map(({ name }) => name));
  // The fourth finds nobody of its kind just before it.
  expect(line.map((one) => one.count("reading: vanished"))).toEqual([0, 0, 0, 1, 0]);
  for (const [place, one] of line.entries()) {
    await one.leads();
    const next = line[place + 1];
    if (next !== undefined) await next.waitsBehind(one);
    await one.election.resign();
  }
});

test("one that was just before and has gone is not waited for", async () => {
  const first = await venue.joined({ join });
  const second = await venue.joined({ join });
  await second.election.resign();
  const third = await venue.joined({ join });
  await third.waitsBehind(first);
});

test.each(["to-client", "to-server"] as const)(
  "its create is lost on its way %s: there is one contender, which it knows by its guid",
  async (direction) => {
    const first = await venue.joined({ join });
    const candidate = await venue.relayed({ join });
    const lost = candidate.connection.dropAt(direction, "create");
    await candidate.join();
    await lost;
    expect(await venue.contenders()).toEqual([first.name, candidate.name]);
    expect(candidate.count("creating")).toBe(direction === "to-client" ? 1 : 2);
    await first.election.resign();
    await candidate.leads();
  },
);

test("after a lost create it takes no contender for its own that has its guid, and is another session's", async () => {
  const guid = realRuntime.guid();
  const first = await venue.joined({ join });
  const candidate = await venue.relayed({ join, runtime: { ...realRuntime, guid: () => guid } });
  const stoodAs = new Set<string>();
  candidate.election.on("state", (state) => "contender" in state && stoodAs.add(state.contender.name));
  const held = candidate.connection.holdAt("to-server", "create");
  const lost = candidate.connection.dropAt("to-server", "create");
  const joined = candidate.join();
  await held.reached;
  const ghost = await (await venue.open()).create(
    `${venue.path}/${first.name.slice(0, -10)}`,
    JSON.stringify({ data: "", guid }),
    "ephemeral-sequential",
  );
  held.release();
  await Promise.all([lost, joined]);
  expect(candidate.count("creating")).toBe(2);
  expect([...stoodAs]).toEqual([candidate.name]);
  expect(await venue.contenders()).toEqual([first.name, ghost.slice(venue.path.length + 1), candidate.name]);
});

test("named after a parent that is removed and created again meanwhile, it joins once more", async () => {
  const first = await venue.joined({ join });
  const candidate = await venue.relayed({ join });
  const held = candidate.connection.holdAt("to-server", "create");
  const joined = candidate.join();
  await held.reached;
  await first.election.resign();
  await venue.operator.remove(venue.path);
  await venue.operator.create(venue.path, "", "persistent");
  held.release();
  await joined;
  const [only, ...others] = await venue.contenders();
  expect([only, others]).toEqual([candidate.name, []]);
  // Its first one had taken the number 0.
  expect(contenderOf(candidate.name)?.sequence).toBe(1);
  expect((await venue.joined({ join })).count("reading")).toBe(0);
});

test("where its name is taken, it joins by list", async () => {
  const first = await venue.joined({ join });
  await venue.operator.create(`${venue.path}/${first.name.slice(0, -10)}0000000001`, "", "ephemeral");
  // That has used up the number; the next one is taken as well.
  await venue.operator.create(`${venue.path}/${first.name.slice(0, -10)}0000000003`, "", "ephemeral");
  const candidate = await venue.joined({ join });
  expect(candidate.name.slice(0, 32)).not.toBe(first.name.slice(0, 32));
});

describe("after a reconnection", () => {
  test("one whose predecessor is still there reads no list, and waits behind the same, also as an heir", async () => {
    const first = await venue.joined({ join, scheme: schemes.heir });
    const heir = await (await venue.relayed({ join, scheme: schemes.heir })).join();
    const third = await (await venue.relayed({ join, scheme: schemes.heir })).join();
    await heir.until("heir");
    for (const one of [heir, third]) {
      await one.reset();
      await one.until("suspended");
    }
    await heir.until("heir");
    await third.waitsBehind(heir);
    expect([heir, third].map((one) => one.count("reading"))).toEqual([0, 0]);
    await first.election.resign();
    await heir.leads();
    await third.until("heir");
    expect([heir, third].map((one) => one.count("reading"))).toEqual([0, 0]);
  });

  test("one that had learned from a list who is just before reads none again", async () => {
    const first = await venue.joined({ join });
    const gone = await venue.joined({ join });
    const third = await (await venue.relayed({ join })).join();
    await gone.election.resign();
    await third.waitsBehind(first);
    expect(third.count("reading")).toBe(1);
    await third.reset();
    await third.until("suspended");
    await third.waitsBehind(first);
    expect(third.count("reading")).toBe(1);
    await first.election.resign();
    await third.leads();
  });

  test("one whose predecessor has gone meanwhile looks who is before it now", async () => {
    const first = await venue.joined({ join });
    const second = await venue.joined({ join });
    const third = await (await venue.relayed({ join })).join();
    const held = third.connection.holdAt("to-server", "connect");
    await third.reset();
    await third.until("suspended");
    await second.election.resign();
    held.release();
    await third.waitsBehind(first);
    expect(third.count("reading: vanished")).toBe(1);
  });

  test("one whose own contender has gone meanwhile joins again", async () => {
    const first = await venue.joined({ join });
    const second = await (await venue.relayed({ join })).join();
    const { name } = second;
    const held = second.connection.holdAt("to-server", "connect");
    await second.reset();
    await second.until("suspended");
    await venue.remove(name);
    held.release();
    await second.reaches("joins again", () => second.names.length === 2);
    await second.waitsBehind(first);
    expect(await venue.contenders()).toEqual([first.name, second.name]);
  });
});
