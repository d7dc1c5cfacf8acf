/**
 * Candidates that join by number: they read no list, and yet stand in one line with those that join by list.
 */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
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
