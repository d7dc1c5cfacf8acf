/**
 * Gaps that a claim without a look could fall through (heir.ts): each must make the heir look again, or not
 * claim.
 */
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { TestCandidate } from "../../testing/test-candidate.ts";
import { type CandidateOptions, Venue } from "../../testing/venue.ts";
import { schemes } from "../schemes.ts";

const heirs = { scheme: schemes.heir } as const;

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("heirs");
});

afterEach(() => venue.clear());
afterAll(() => venue[Symbol.asyncDispose]());

/** A leader that has announced itself, its heir, and one that waits behind the heir. */
async function line(options: Partial<Record<"leader" | "heir", CandidateOptions>> = {}) {
  const join = async (own: CandidateOptions = {}): Promise<TestCandidate> =>
    (await venue.relayed({ ...heirs, ...own })).join();
  const leader = await join(options.leader);
  const heir = await join(options.heir);
  await heir.until("heir");
  const last = await join();
  await last.waitsBehind(heir);
  return { leader, heir, last };
}

/** The phases from its notification up to its claim. */
function claimOf({ phases }: TestCandidate): string[] {
  return phases.slice(phases.lastIndexOf("notified: deleted"), phases.lastIndexOf("claimed") + 1);
}

test("it claims on the notification alone, and the next one inherits from it", async () => {
  const { leader, heir, last } = await line();
  await leader.election.resign();
  await heir.leads();
  expect(claimOf(heir)).toEqual(["notified: deleted", "claimed"]);
  await last.until("heir");
  await heir.election.resign();
  await last.leads();
  expect(claimOf(last)).toEqual(["notified: deleted", "claimed"]);
});

test("its session is dead when the leader goes: it does not claim, the next one does", async () => {
  const { leader, heir, last } = await line({ heir: { timeoutMs: 1000 } });
  heir.connection.cut();
  await leader.election.resign();
  await last.leads();
  expect(heir.terms).toEqual([]);
  heir.connection.heal();
  await heir.until("over");
  expect(heir.terms).toEqual([]);
});

test("the notification arrives when its lease has run out: it looks first", async () => {
  // The lease lasts for a good half of the time after which the connection would be lost.
  const { leader, heir } = await line({ heir: { timeoutMs: 3000, tickTimeMs: 1500 } });
  heir.connection.pause("to-client");
  await leader.election.resign();
  const { sentAt: contactAt = 0 } = heir.session.contacts.last ?? {};
  await vi.waitFor(() => expect(performance.now()).toBeGreaterThan(contactAt + 1600), 3000);
  expect(heir.session.state).toBe("connected");
  heir.connection.resume("to-client");
  await heir.leads();
  expect(claimOf(heir)).toContain("reading: notified");
});

test("its own contender is deleted just before the leader's: it does not claim", async () => {
  const { leader, heir, last } = await line();
  const { name } = heir;
  // They are deleted in this order, and it learns of both at once.
  heir.connection.pause("to-client");
  await venue.remove(name);
  await leader.election.resign();
  heir.connection.resume("to-client");
  await last.leads();
  await heir.waitsBehind(last);
  expect(heir.terms).toEqual([]);
  expect(heir.name).not.toBe(name);
});

test("the leader's announcement is lost with its connection: it announces again", async () => {
  const leader = await venue.relayed(heirs);
  const lost = leader.connection.dropAt("to-server", "set");
  await leader.join();
  const next = await venue.joined(heirs);
  await lost;
  await next.until("heir");
  expect(leader.terms.map(({ ended }) => ended?.reason)).toEqual(["suspended", undefined]);
  await leader.election.resign();
  await next.leads();
  expect(claimOf(next)).toEqual(["notified: deleted", "claimed"]);
});

test("the leader goes before it has announced itself: the next one looks first", async () => {
  const leader = await venue.relayed(heirs);
  const held = leader.connection.holdAt("to-server", "set");
  await leader.join();
  await held.reached;
  const next = await venue.joined(heirs);
  expect(next.state.state).toBe("waiting");
  await venue.remove(leader.name);
  await next.leads();
  expect(claimOf(next)).toEqual(["notified: deleted", "reading: notified", "claimed"]);
  held.release();
  await leader.waitsBehind(next);
});

test("the one before it dies and never led: it takes its place behind the leader, and inherits from that", async () => {
  const { leader, heir, last } = await line();
  await venue.end(heir);
  await last.waitsBehind(leader);
  await last.until("heir");
  expect(last.terms).toEqual([]);
  await leader.election.resign();
  await last.leads();
  expect(claimOf(last)).toEqual(["notified: deleted", "claimed"]);
});

test("the leader goes while its heir is cut off for a moment: it looks when it is back", async () => {
  const { leader, heir } = await line();
  const held = heir.connection.holdAt("to-server", "connect");
  await heir.reset();
  await heir.until("suspended");
  await leader.election.resign();
  const before = heir.phases.length;
  held.release();
  await heir.leads();
  // It may learn of the deletion while it waits for the list.
  const since = heir.phases.slice(before).filter((phase) => phase !== "notified: deleted");
  expect(since).toEqual(["reading: reconnected", "claimed"]);
});

test("after a moment without connection it is the heir again", async () => {
  const { leader, heir } = await line();
  await heir.reset();
  await heir.until("suspended");
  await heir.until("heir");
  await leader.election.resign();
  await heir.leads();
  expect(claimOf(heir)).toEqual(["notified: deleted", "claimed"]);
});

test("a contender's content is not an announcement unless it names that very contender", async () => {
  const { heir, last } = await line();
  const forged = JSON.stringify({ data: "", announced: 1 });
  await venue.operator.set(`${venue.path}/${heir.name}`, forged, -1);
  await last.reaches("hears of it", () => last.phases.includes("notified: changed"));
  await venue.quiet(last, last);
  expect(last.state.state).toBe("waiting");
  await heir.until("heir");
});

test("the election is wiped out and made anew, where numbers begin again: nobody inherits from those before", async () => {
  const { leader, heir, last } = await line();
  // The heir's goes first: it is notified before it learns of the leader's.
  for (const { name } of [heir, leader, last]) await venue.remove(name);
  await venue.operator.remove(venue.path).catch(() => false);
  await vi.waitFor(async () => expect(await venue.contenders()).toHaveLength(3), 5000);
  await vi.waitFor(() => expect(venue.referee.valid).toHaveLength(1), 5000);
  const [valid] = venue.referee.valid;
  expect((await venue.contenders())[0]).toBe(valid?.contender.name);
});
