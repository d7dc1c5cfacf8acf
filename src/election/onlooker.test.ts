import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { Venue } from "../testing/venue.ts";
import type { NativeSession } from "../zookeeper/native-session.ts";

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("onlooker");
});

afterEach(() => venue.clear());
afterAll(() => venue[Symbol.asyncDispose]());

test("a candidate that listens is told who leads, whoever that is", async () => {
  const one = await venue.joined({ data: "one" });
  const two = await venue.candidate({ data: "two" });
  const leaders: (string | undefined)[] = [];
  two.election.on("leader", (leader) => leaders.push(leader?.data));
  await two.join();
  await vi.waitFor(() => expect(leaders).toEqual(["one"]));
  await one.election.resign();
  await vi.waitFor(() => expect(leaders).toEqual(["one", "two"]));
  await two.election.resign();
  await vi.waitFor(() => expect(leaders).toEqual(["one", "two", undefined]));
});

test("it goes on listening with another session", async () => {
  const one = await venue.joined({ data: "one" });
  const two = await venue.candidate({ data: "two", rejoin: true });
  const leaders: (string | undefined)[] = [];
  two.election.on("leader", (leader) => leaders.push(leader?.data));
  await two.join();
  await vi.waitFor(() => expect(leaders).toEqual(["one"]));
  await venue.expire(two.session as NativeSession);
  await two.reaches("rejoined", () => two.phases.includes("rejoined"));
  await two.until("waiting");
  await one.election.resign();
  await vi.waitFor(() => expect(leaders).toEqual(["one", "two"]));
});

test("it takes one watch, on the leader, from the first listener on", async () => {
  const one = await venue.joined({ data: "one" });
  await venue.joined();
  const three = await venue.joined();
  await one.beats();
  const before = await venue.count("watch_count");
  const told: unknown[] = [];
  const listener = (leader: unknown) => told.push(leader);
  three.election.on("leader", listener);
  await vi.waitFor(() => expect(told).toHaveLength(1));
  expect(await venue.count("watch_count")).toBe(before + 1);
  three.election.off("leader", listener);
  await one.election.resign();
  await venue.quiet(three);
  expect(told).toHaveLength(1);
});
