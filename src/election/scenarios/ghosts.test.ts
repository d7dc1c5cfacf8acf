/**
 * Creates and deletes whose outcome nobody knows: a candidate must not have two contenders, and no contender
 * may be left without one.
 */
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { Venue } from "../../testing/venue.ts";
import { CampaignEnded } from "../connection.ts";
import { prefixOf } from "../contenders.ts";
import { realRuntime } from "../runtime.ts";

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("ghosts");
});

afterEach(() => venue.clear());
afterAll(() => venue[Symbol.asyncDispose]());

test("S01 a create is carried out and its reply lost: the contender is found again, and is the only one", async () => {
  // The session's only create is that of the contender.
  const first = await venue.joined();
  const candidate = await venue.relayed();
  const lost = candidate.connection.dropAt("to-client", "create");
  await candidate.join();
  await lost;
  expect(candidate.count("creating")).toBe(1);
  expect(await venue.contenders()).toEqual([first.name, candidate.name]);
  // Nothing of it holds up those behind it.
  const third = await venue.joined();
  await first.election.resign();
  await candidate.leads();
  await candidate.election.resign();
  await third.leads();
});

test("S01 a create is lost on its way: it is sent again, and makes the only contender", async () => {
  const first = await venue.joined();
  const candidate = await venue.relayed();
  const lost = candidate.connection.dropAt("to-server", "create");
  await candidate.join();
  await lost;
  expect(candidate.count("creating")).toBe(2);
  expect(await venue.contenders()).toEqual([first.name, candidate.name]);
});

test("S02 a contender with its name but from another session is not taken for its own", async () => {
  const guid = realRuntime.guid();
  const first = await venue.joined();
  const former = await venue.open();
  const ghost = await former.create(`${venue.path}/${prefixOf(guid)}`, "", "ephemeral-sequential");
  const candidate = await venue.relayed({ runtime: { ...realRuntime, guid: () => guid } });
  const lost = candidate.connection.dropAt("to-server", "create");
  await candidate.join();
  await lost;
  expect(await venue.contenders()).toEqual([first.name, ghost.slice(venue.path.length + 1), candidate.name]);
  expect(await venue.ownerOf(candidate.name)).toBe(candidate.session.id);
  // It never stood as the ghost, not even for a moment.
  expect(candidate.count("reading: joined")).toBe(1);
  await former.close();
  await first.election.resign();
  await candidate.leads();
});

test("S02 the session expires before the lost create can be looked for: the next session makes the only contender", async () => {
  await venue.joined().then(({ election }) => election.resign());
  const candidate = await venue.relayed({ timeoutMs: 1000, rejoin: true });
  void candidate.connection.dropAt("to-client", "create").then(() => candidate.connection.cut());
  const campaign = candidate.election.campaign();
  await vi.waitFor(async () => expect(await venue.contenders()).toHaveLength(1));
  await vi.waitFor(async () => expect(await venue.contenders()).toHaveLength(0), 5000);
  candidate.connection.heal();
  const { contender } = await campaign;
  expect(candidate.phases).toContain("rejoined");
  expect(await venue.contenders()).toEqual([contender.name]);
});

test("S03 it gives up while the outcome of its create is unknown: the contender goes once it is connected", async () => {
  await venue.joined().then(({ election }) => election.resign());
  const candidate = await venue.relayed({ timeoutMs: 8000 });
  const { connection, election } = candidate;
  void connection.dropAt("to-client", "create").then(() => connection.cut());
  const giveUp = new AbortController();
  const campaign = election.campaign({ signal: giveUp.signal });
  await once(candidate.session, "state");
  giveUp.abort(new Error("had enough"));
  await expect(campaign).rejects.toThrow("had enough");
  expect(await venue.contenders()).toHaveLength(1);
  const behind = await venue.joined();
  connection.heal();
  // This is long before the session could expire.
  await behind.leads();
  expect(await venue.contenders()).toEqual([behind.name]);
  expect(candidate.session.state).toBe("connected");
  await candidate.until("idle");
});

test("S04 it resigns while the create is in flight: no contender is left", async () => {
  await venue.joined().then(({ election }) => election.resign());
  const candidate = await venue.relayed();
  const held = candidate.connection.holdAt("to-client", "create");
  const campaign = candidate.election.campaign();
  await held.reached;
  const resigned = candidate.election.resign();
  expect(await venue.contenders()).toHaveLength(1);
  held.release();
  await expect(campaign).rejects.toThrow(CampaignEnded);
  await resigned;
  expect(await venue.contenders()).toEqual([]);
});

test("S04 its session is closed while the create is in flight: no contender is left", async () => {
  await venue.joined().then(({ election }) => election.resign());
  const candidate = await venue.candidate();
  const campaign = candidate.election.campaign();
  await once(candidate.election, "creating");
  const refused = expect(campaign).rejects.toThrow(CampaignEnded);
  await candidate.session.close();
  await refused;
  // This is long before the session could expire.
  await vi.waitFor(async () => expect(await venue.contenders()).toEqual([]));
});

test("S05 its signal ends the wait: its contender is removed, and the next one moves up", async () => {
  const leader = await venue.joined();
  const impatient = await venue.candidate();
  const campaign = impatient.election.campaign({ signal: AbortSignal.timeout(300) });
  const refused = expect(campaign).rejects.toThrow("timeout");
  await impatient.waitsBehind(leader);
  const last = await venue.joined();
  await last.waitsBehind(impatient);
  await refused;
  await last.waitsBehind(leader);
  expect(await venue.contenders()).toEqual([leader.name, last.name]);
});

test("S06 two losses in a row, and two concurrent calls: one contender, named once", async () => {
  const first = await venue.joined();
  const candidate = await venue.relayed();
  const lost = candidate.connection.dropAt("to-client", "create");
  const lostAgain = lost.then(() => candidate.connection.dropAt("to-client", "children"));
  await candidate.join();
  await lostAgain;
  expect(await venue.contenders()).toEqual([first.name, candidate.name]);
  expect(candidate.name).toMatch(/^[0-9a-f]{32}-c-\d{10}$/);

  await Promise.all([candidate.election.resign(), candidate.election.resign()]);
  const campaigns = [candidate.election.campaign(), candidate.election.campaign()];
  await expect(campaigns[1]).rejects.toThrow(CampaignEnded);
  await candidate.waitsBehind(first);
  await first.election.resign();
  await campaigns[0];
  expect(await venue.contenders()).toEqual([candidate.name]);
});

test.each([
  { what: "request", direction: "to-server" },
  { what: "reply", direction: "to-client" },
] as const)(
  "S07 the $what of its delete is lost and the session returns: it is repeated until the contender is gone",
  async ({ direction }) => {
    const leader = await (await venue.relayed()).join();
    const next = await venue.joined();
    const lost = leader.connection.dropAt(direction, "remove");
    await leader.election.resign();
    await lost;
    await next.leads();
    expect(await venue.contenders()).toEqual([next.name]);
    expect(leader.session.state).toBe("connected");
  },
);
