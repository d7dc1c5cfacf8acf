import fc from "fast-check";
import { expect, test } from "vitest";
import { Story } from "../testing/story.ts";
import { termsOf } from "./term.ts";

test("terms come in the order of their claims, whenever they end", () => {
  const story = new Story().joins(0, 0).claims(1, 0).joins(2, 1).claims(3, 1).ends(5, 0, "expired");
  expect(termsOf(story.told())).toEqual([
    { candidate: 0, sequence: 0, czxid: 100, from: 1e6, until: 5e6, reason: "expired", leaseUntil: null },
    { candidate: 1, sequence: 1, czxid: 101, from: 3e6, until: null, reason: null, leaseUntil: null },
  ]);
});

test("a candidate that leads twice has two terms, and an end without a term ends nothing", () => {
  const story = new Story().joins(0, 0).claims(1, 0).ends(2, 0, "suspended").ends(3, 0, "closed");
  expect(termsOf(story.claims(4, 0).told())).toMatchObject([
    { from: 1e6, until: 2e6, reason: "suspended" },
    { from: 4e6, until: null },
  ]);
});

test("what is said of a lease outside of a term counts for nothing", () => {
  const story = new Story().joins(0, 0).leases(0.5, 0, 99).claims(1, 0).leases(2, 0, 9);
  expect(termsOf(story.ends(3, 0, "lapsed").leases(4, 0, 99).told())).toMatchObject([{ leaseUntil: 9e6 }]);
});

test("the latest that was known of a lease counts, in whatever order it was told, in each term by itself", () => {
  const knownMs = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(knownMs, knownMs, (first, second) => {
      const story = new Story().joins(0, 0).claims(1, 0);
      for (const ms of first) story.leases(2, 0, ms);
      story.ends(3, 0, "lapsed").claims(4, 0);
      for (const ms of second) story.leases(5, 0, ms);
      expect(termsOf(story.told()).map(({ leaseUntil }) => leaseUntil)).toEqual([
        Math.max(...first) * 1e6,
        Math.max(...second) * 1e6,
      ]);
    }),
  );
});
