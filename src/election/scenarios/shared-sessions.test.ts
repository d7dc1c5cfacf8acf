/** Many elections on one session: they lose it together, and return together. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { Candidate } from "../../testing/candidate.ts";
import { Referee } from "../../testing/referee.ts";
import { Venue } from "../../testing/venue.ts";
import { endSession } from "../../zookeeper/end-session.ts";
import type { NativeSession } from "../../zookeeper/native-session.ts";

const N = 20;

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("shared-sessions");
});

afterEach(() => venue.clear());
afterAll(() => venue[Symbol.asyncDispose]());

/** Each stands alone in an election of its own, all on one session. */
async function scene(): Promise<{ session: NativeSession; all: Candidate[] }> {
  const session = await venue.open();
  const all = Array.from({ length: N }, (_, one) => {
    const options = { path: `${venue.path}-${one}`, tickTimeMs: 200, rejoin: true };
    return new Candidate(session, options, new Referee());
  });
  for (const candidate of all) await candidate.join();
  return { session, all };
}

test("one session for all after an expiry, and none when all have left", async () => {
  const before = await venue.count("global_sessions");
  const { session, all } = await scene();
  await endSession(venue.address, session.identity);
  for (const candidate of all) {
    await candidate.reaches("has returned", () => candidate.sessions.length === 2);
    await candidate.leads();
  }
  expect(new Set(all.map(({ session }) => session.id)).size).toBe(1);
  expect(await venue.count("global_sessions")).toBe(before + 1);
  const [last, ...others] = all;
  for (const { election } of others) await election[Symbol.asyncDispose]();
  expect(last?.state.state).toBe("leading");
  expect(last?.session.state).toBe("connected");
  await last?.election[Symbol.asyncDispose]();
  await vi.waitFor(async () => expect(await venue.count("global_sessions")).toBe(before));
});

test("a session that was given stays open when its elections leave", async () => {
  const { session, all } = await scene();
  for (const { election } of all) await election[Symbol.asyncDispose]();
  expect(session.state).toBe("connected");
});
