import { expect, test } from "vitest";
import { Story } from "./story.ts";
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

test("a lease is as it was last known in the term; what is said of it outside of a term counts for nothing", () => {
  const story = new Story().joins(0, 0).leases(0.5, 0, 99).claims(1, 0).leases(2, 0, 10).leases(3, 0, 9);
  expect(termsOf(story.ends(3, 0, "lapsed").leases(4, 0, 99).told())).toMatchObject([{ leaseUntil: 9e6 }]);
});
