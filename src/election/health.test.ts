import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { Venue } from "../testing/venue.ts";

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("health");
});

afterEach(() => venue.clear());
afterAll(() => venue[Symbol.asyncDispose]());

test("a candidate tells its status without asking anybody, from idle to idle", async () => {
  const one = await venue.candidate();
  expect(one.election.health().status).toBe("idle");
  await one.join();
  await one.beats();
  const { status, leaseLeftMs, answeredMsAgo } = one.election.health();
  expect(status).toBe("leading");
  expect(leaseLeftMs).toBeGreaterThan(2000);
  expect(answeredMsAgo).toBeLessThan(1000);
  expect([one.election.isLeader, one.election.term?.token]).toEqual([true, one.terms[0]?.term.token]);
  const two = await venue.joined();
  expect(two.election.health()).toMatchObject({ status: "standing", leaseLeftMs: undefined });
  expect([two.election.isLeader, two.election.term]).toEqual([false, undefined]);
  await one.election.resign();
  expect(one.election.health().status).toBe("idle");
});

test("a leader that hears nothing is overdue, then cut off", async () => {
  const one = await venue.relayed({ timeoutMs: 2000 });
  await one.join();
  await one.beats();
  one.connection.cut();
  await vi.waitFor(() => expect(one.election.health().status).toBe("overdue"), 3000);
  expect(one.election.health().leaseLeftMs).toBeGreaterThan(0);
  await vi.waitFor(() => expect(one.election.health().status).toBe("cut-off"), 5000);
});

test("one whose session is closed is over", async () => {
  const one = await venue.joined();
  await one.session.close();
  expect(one.election.health().status).toBe("over");
});
