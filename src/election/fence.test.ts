import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Venue } from "../testing/venue.ts";
import { BadVersion, NoNode } from "../zookeeper/errors.ts";
import type { Session } from "../zookeeper/session.ts";
import { Fenced, fence, readFenced } from "./fence.ts";

let venue: Venue;
let session: Session;
let resource: string;
let tests = 0;

beforeAll(async () => {
  venue = await Venue.open("fence");
  session = venue.operator;
});

beforeEach(() => {
  resource = `${venue.ensemble.root}/resource-${++tests}`;
});

afterAll(() => venue[Symbol.asyncDispose]());

test("the first write makes the znode, and each of the same token replaces what was there", async () => {
  expect(await readFenced(session, resource)).toBeUndefined();
  await fence(5).write(session, resource, "one");
  await fence(5).write(session, resource, "two\nlines");
  expect(await readFenced(session, resource)).toEqual({ token: 5, data: "two\nlines" });
});

test("a lower token is refused, and nothing is written", async () => {
  await fence(7).write(session, resource, "new");
  const late = fence(5).write(session, resource, "old");
  await expect(late).rejects.toThrow(Fenced);
  await expect(late).rejects.toMatchObject({ token: 5, highest: 7 });
  expect(await readFenced(session, resource)).toEqual({ token: 7, data: "new" });
});

test("what was never written through a fence counts as older than all", async () => {
  await session.create(resource, "by hand", "persistent");
  expect(await readFenced(session, resource)).toEqual({ token: 0, data: "by hand" });
  await fence(1).write(session, resource, "one");
  expect(await readFenced(session, resource)).toEqual({ token: 1, data: "one" });
});

test("a stale leader between its look and its write is refused all the same", async () => {
  await fence(5).write(session, resource, "before");
  // The new leader writes after the stale one has read and found no objection.
  const slow = new Proxy(session, {
    get(target, name) {
      if (name === "set")
        return async (...args: Parameters<Session["set"]>) => {
          await fence(7).write(target, resource, "new");
          return target.set(...args);
        };
      const value = Reflect.get(target, name) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  await expect(fence(5).write(slow, resource, "old")).rejects.toThrow(Fenced);
  expect(await readFenced(session, resource)).toEqual({ token: 7, data: "new" });
  await expect(session.set(resource, "", 0)).rejects.toThrow(BadVersion);
});

test("of many that write at once, none undoes what a higher token has written", async () => {
  const tokens = Array.from({ length: 20 }, (_, index) => index + 1);
  const outcomes = await Promise.allSettled(
    tokens.map((token) => fence(token).write(session, resource, `by ${token}`)),
  );
  expect(await readFenced(session, resource)).toEqual({ token: 20, data: "by 20" });
  for (const outcome of outcomes)
    if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(Fenced);
});

test("for any other store it says whether a token may act", () => {
  expect([4, 5, 6].map((highest) => fence(5).admits(highest))).toEqual([true, true, false]);
});

test("without a parent there is nothing to write to", async () => {
  await expect(fence(5).write(session, `${resource}/below`, "")).rejects.toThrow(NoNode);
});
