/** Many elections on one session: they lose it together, and return together. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { Referee } from "../../testing/referee.ts";
import { TestCandidate } from "../../testing/test-candidate.ts";
import { Venue } from "../../testing/venue.ts";
import { ConnectionLoss, ConnectTimeout, SessionExpired } from "../../zookeeper/errors.ts";
import type { NativeSession } from "../../zookeeper/native-session.ts";
import { realRuntime } from "../runtime.ts";

const N = 20;

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("shared-sessions");
});

afterEach(() => venue.clear());
afterAll(() => venue[Symbol.asyncDispose]());

/** Each stands alone in a separate election, all on one session. */
async function scene(): Promise<{ session: NativeSession; all: TestCandidate[] }> {
  const session = await venue.open();
  const all = Array.from({ length: N }, (_, one) => {
    const options = { path: `${venue.path}-${one}`, tickTimeMs: 200, rejoin: true };
    return new TestCandidate(session, options, new Referee());
  });
  for (const candidate of all) await candidate.join();
  return { session, all };
}

test("S47 one session for all after an expiry, and none when all have left", async () => {
  const before = await venue.count("global_sessions");
  const { session, all } = await scene();
  await venue.expire(session);
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

test("S48 after attempts with an unknown outcome, even an expiry, it tries again, and reports them", async () => {
  const session = await venue.open();
  const errors = [
    new SessionExpired(-112, "the fresh session is gone"),
    new ConnectTimeout(0, "no session in time"),
    new ConnectionLoss(-4, "lost"),
  ];
  const unlucky = new Proxy(session, {
    get(target, key) {
      const value = Reflect.get(target, key) as unknown;
      if (key === "reopen")
        return async (signal?: AbortSignal) => {
          const error = errors.shift();
          if (error !== undefined) throw error;
          return target.reopen(signal);
        };
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  // A small random number keeps the wait short.
  const runtime = { ...realRuntime, random: () => 0.01 };
  const candidate = await venue.joined({ session: unlucky, rejoin: true, runtime });
  const attempts: number[] = [];
  const troubles: [name: string, attempt: number][] = [];
  candidate.election.on("state", (state) => state.state === "rejoining" && attempts.push(state.attempt));
  candidate.election.on("trouble", (error, attempt) => troubles.push([error.name, attempt]));
  await venue.expire(session);
  await candidate.reaches("has returned", () => candidate.sessions.length === 2);
  await candidate.leads();
  expect(attempts).toEqual([0, 1, 2, 3]);
  expect(troubles).toEqual([["ConnectionLoss", 3]]);
  await candidate.election[Symbol.asyncDispose]();
});

test("a given session stays open when its elections leave", async () => {
  const { session, all } = await scene();
  for (const { election } of all) await election[Symbol.asyncDispose]();
  expect(session.state).toBe("connected");
});
