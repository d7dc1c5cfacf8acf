/** Losses of the connection that the native client itself overlooks: those that it meets while it sends. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { TcpRelay } from "../testing/tcp-relay.ts";
import { Venue } from "../testing/venue.ts";
import { ConnectionLoss } from "./errors.ts";
import type { NativeSession } from "./native-session.ts";
import type { SessionState } from "./session.ts";

let venue: Venue;
let relay: TcpRelay;
let session: NativeSession;
let states: SessionState[];

beforeAll(async () => {
  venue = await Venue.open("lost-connection");
});

beforeEach(async () => {
  relay = await venue.relay();
  session = await venue.open({ relay });
  states = [];
  session.on("state", (state) => states.push(state));
});

afterEach(() => venue.clear());
afterAll(() => venue[Symbol.asyncDispose]());

test("a loss that is met while sending is told by the state", async () => {
  await session.get(venue.ensemble.root);
  relay.dropConnections();
  // Finds the connection reset, before the client has been told.
  await session.get(venue.ensemble.root);
  expect(states).toEqual(["suspended", "connected"]);
});

test("calls that were under way then are lost, and their outcome is unknown", async () => {
  const { root } = venue.ensemble;
  const held = relay.holdAt("to-client", "get");
  const before = session.get(root);
  await held.reached;
  relay.dropConnections();
  held.release();
  const after = session.set(root, "data", -1);
  for (const call of await Promise.allSettled([before, after])) {
    expect(call).toMatchObject({ status: "rejected", reason: expect.any(ConnectionLoss) });
  }
  await vi.waitFor(() => expect(session.state).toBe("connected"), 5000);
  expect(states.slice(0, 2)).toEqual(["suspended", "connected"]);
  expect(await session.get(root)).toBeDefined();
});
