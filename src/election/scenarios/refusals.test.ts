/** Elections that nobody could ever win: each candidate is told why, instead of waiting for ever. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { Venue } from "../../testing/venue.ts";
import { NoNode } from "../../zookeeper/errors.ts";
import { openSession } from "../../zookeeper/open-session.ts";
import { Election } from "../election.ts";

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("refusals");
});

afterEach(() => venue.clear());
afterAll(() => venue[Symbol.asyncDispose]());

test.each([0, -5, Number.NaN, Number.POSITIVE_INFINITY, 1501, 3000, 10_000])(
  "S45 with a tick of %d ms no lease of a session of 3000 ms could hold: it is refused at once",
  async (tickTimeMs) => {
    const session = await venue.open({ timeoutMs: 3000 });
    const { path } = venue;
    expect(() => new Election(session, { path, tickTimeMs })).toThrow(RangeError);
    expect(() => new Election(session, { path, tickTimeMs })).toThrow(`tickTimeMs: ${tickTimeMs} is`);
  },
);

test("S45 with half of the session timeout a leader keeps up its lease", async () => {
  const leader = await venue.joined({ timeoutMs: 3000, tickTimeMs: 1500 });
  const term = await leader.leads();
  await leader.beats();
  expect(term.valid).toBe(true);
  expect(leader.terms).toHaveLength(1);
});

test("S45 a next session whose timeout is too short for the tick ends the candidacy, and says so", async () => {
  const session = await venue.open();
  vi.spyOn(session, "reopen").mockResolvedValue(await venue.open({ timeoutMs: 1000 }));
  const candidate = await (
    await venue.candidate({ session, tickTimeMs: 1000, rejoin: true, suspendedPolicy: "session" })
  ).join();
  await venue.expire(session);
  await candidate.until("over");
  expect(candidate.phases).toContain("ended: expired");
  const message = expect.stringContaining("tickTimeMs: 1000");
  expect(candidate.state).toMatchObject({ error: { name: "RangeError", message } });
});

test("S50 the chroot of the connect string is gone: the campaign ends and says so", async () => {
  const chroot = `${venue.ensemble.root}/team`;
  await venue.operator.create(chroot, "", "persistent");
  const session = await openSession({ connect: `${venue.ensemble.connect}${chroot}`, timeoutMs: 4000 });
  try {
    await venue.operator.remove(chroot);
    const election = new Election(session, { path: "/services/mail" });
    const campaign = election.campaign();
    await expect(campaign).rejects.toThrow(NoNode);
    await expect(campaign).rejects.toThrow("the chroot of the connect string does not exist");
    expect(election.state.state).toBe("over");
  } finally {
    await session.close();
  }
});
