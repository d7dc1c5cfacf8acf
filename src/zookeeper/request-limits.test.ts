/** A request that is too large would make a server hang up: it is not sent, and the session goes on. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { TcpRelay } from "../network/tcp-relay.ts";
import { Venue } from "../testing/venue.ts";
import { BadArguments, ConnectionLoss, RequestTooLarge } from "./errors.ts";
import type { NativeSession } from "./native-session.ts";
import type { OpenOptions } from "./open-options.ts";
import { openSession } from "./open-session.ts";
import { createBytes, MAX_REQUEST_BYTES, setBytes } from "./request-size.ts";
import { type SessionState, Watch, type WatchEvent } from "./session.ts";

let venue: Venue;
let top: string;
let tests = 0;
const opened: NativeSession[] = [];

beforeAll(async () => {
  venue = await Venue.open("request-limits");
});

beforeEach(async () => {
  top = await venue.operator.create(`${venue.ensemble.root}/test-${++tests}`, "", "persistent");
});

afterEach(async () => {
  for (const session of opened.splice(0)) await session.close();
  await venue.clear();
});

afterAll(() => venue[Symbol.asyncDispose]());

async function open(options: Partial<OpenOptions> = {}) {
  const session = await openSession({ connect: venue.ensemble.connect, timeoutMs: 4000, ...options });
  opened.push(session);
  const states: SessionState[] = [];
  session.on("state", (state) => states.push(state));
  return { session, states };
}

describe("a request", () => {
  test.each([
    { where: "at the top", chroot: false },
    { where: "below a chroot", chroot: true },
  ])(
    "of the greatest size is carried out, and one that is larger is refused unsent, $where",
    async ({ chroot }) => {
      const { session, states } = await open({ connect: `${venue.ensemble.connect}${chroot ? top : ""}` });
      const path = chroot ? "/a" : `${top}/a`;
      const room = MAX_REQUEST_BYTES - createBytes(`${top}/a`, "");
      const tooLarge = await session.create(path, "x".repeat(room + 1), "persistent").catch((error) => error);
      expect(tooLarge).toBeInstanceOf(RequestTooLarge);
      expect(tooLarge).toBeInstanceOf(BadArguments);
      expect(tooLarge.message).toContain(`the request has 1048576 bytes, but the servers accept 1048575`);
      expect(tooLarge.message).toContain(
        "raise jute.maxbuffer on all servers and give it as maxRequestBytes",
      );
      expect(await session.create(path, "x".repeat(room), "persistent")).toBe(path);

      const more = MAX_REQUEST_BYTES - setBytes(`${top}/a`, "");
      await expect(session.set(path, "x".repeat(more + 1), -1)).rejects.toBeInstanceOf(RequestTooLarge);
      // A letter may take more than a byte.
      await expect(session.set(path, "ö".repeat(more - 1), -1)).rejects.toBeInstanceOf(RequestTooLarge);
      expect(await session.set(path, "x".repeat(more), -1)).toMatchObject({ dataLength: more });
      expect(states).toEqual([]);
    },
  );

  test("that is larger by one costs the session its connection, if it is sent", async () => {
    const { session, states } = await open({ maxRequestBytes: MAX_REQUEST_BYTES + 1 });
    const room = MAX_REQUEST_BYTES - createBytes(`${top}/a`, "");
    const sent = session.create(`${top}/a`, "x".repeat(room + 1), "persistent");
    await expect(sent).rejects.toBeInstanceOf(ConnectionLoss);
    await vi.waitFor(() => expect(states).toEqual(["suspended", "connected"]), 5000);
  });
});

describe("watches", () => {
  const NAME = "x".repeat(900);

  /** Watches more and more znodes, until it is refused. */
  async function watchAll(
    session: NativeSession,
    events: WatchEvent[],
  ): Promise<{ paths: string[]; error: Error }> {
    const paths: string[] = [];
    for (;;) {
      const path = `${top}/${NAME}-${paths.length}`;
      await venue.operator.create(path, "", "persistent");
      try {
        await session.get(path, new Watch((event) => events.push(event)));
      } catch (error) {
        return { paths, error: error as Error };
      }
      paths.push(path);
      if (paths.length > 2000) throw new Error("nobody refuses");
    }
  }

  let relay: TcpRelay;

  beforeEach(async () => {
    relay = await venue.relay();
  });

  test("are as many as can be set again after a reconnect", async () => {
    const session = await venue.open({ relay });
    const states: SessionState[] = [];
    session.on("state", (state) => states.push(state));
    const events: WatchEvent[] = [];
    const { paths, error } = await watchAll(session, events);
    expect(error).toBeInstanceOf(RequestTooLarge);
    expect(error.message).toContain("this session watches too many paths");
    expect(error.message).toContain("open another session for more");
    expect(paths.length).toBeGreaterThan(1000);
    const [first = "", second = "", third = ""] = paths;

    // A second watch where there is one costs nothing, and neither does one that is not set; the list of
    // children does.
    const twice: WatchEvent[] = [];
    expect(await session.get(first, new Watch((event) => twice.push(event)))).toBeDefined();
    await expect(session.get(`${top}/m`, new Watch(() => undefined))).resolves.toBeUndefined();
    await expect(session.children(first, new Watch(() => undefined))).rejects.toBeInstanceOf(RequestTooLarge);

    relay.dropConnections();
    await vi.waitFor(() => expect(states).toEqual(["suspended", "connected"]), 10_000);
    expect(await session.exists(first)).toBeDefined();
    expect(session.state).toBe("connected");

    // A watch that has fired leaves room for another one.
    await venue.operator.remove(first);
    await session.sync("/");
    expect([events, twice]).toEqual([["deleted"], ["deleted"]]);
    expect(await session.children(second, new Watch(() => undefined))).toEqual([]);
    await expect(session.children(third, new Watch(() => undefined))).rejects.toBeInstanceOf(RequestTooLarge);
  });
});
