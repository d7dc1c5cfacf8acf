import { expect, test } from "vitest";
import { Story } from "../testing/story.ts";
import { staleWritesOf } from "./stale-write.ts";

/** Candidate 0 leads and stands still from 10 to 900 ms; candidate 1 claims at 500 ms. */
const frozen = () =>
  new Story({ counter: "guarded" })
    .joins(0, 0)
    .joins(0, 1)
    .claims(1, 0)
    .writes(2, 0, 1)
    .writes(5, 0, 2)
    .fault(10, 1, 0, 0)
    .claims(500, 1);

const outcomes = (story: Story) =>
  staleWritesOf(story.told()).map(({ candidate, outcome }) => [candidate, outcome]);

test("whoever writes while he leads alone writes nothing stale", () => {
  expect(staleWritesOf(frozen().writes(501, 1, 3).writes(540, 1, 4).told())).toEqual([]);
});

test("what the fence refuses, after another one had claimed", () => {
  expect(staleWritesOf(frozen().writes(501, 1, 3).isRefused(900, 0).told())).toEqual([
    {
      at: 900e6,
      candidate: 0,
      czxid: 100,
      successor: { candidate: 1, czxid: 101 },
      outcome: { type: "refused" },
    },
  ]);
});

test("what is accepted over the successor's write, by the counter's own order", () => {
  const story = frozen().writes(501, 1, 3).writes(540, 1, 4).writes(900, 0, 5).writes(901, 1, 6);
  expect(outcomes(story)).toEqual([[0, { type: "accepted", version: 5, over: 4 }]]);
});

test("an answer that comes late to a write that came in time is unopposed", () => {
  expect(outcomes(frozen().writes(501, 1, 4).writes(900, 0, 3))).toEqual([
    [0, { type: "unopposed", version: 3 }],
  ]);
});

test("the order of the answers says nothing: that of the versions does", () => {
  const story = frozen().writes(501, 0, 4).writes(502, 1, 3);
  expect(outcomes(story)).toEqual([[0, { type: "accepted", version: 4, over: 3 }]]);
});

test("a candidate is not its own successor, whatever it writes with its former token", () => {
  const story = new Story().joins(0, 0, 0).claims(1, 0).ends(2, 0, "expired").joins(3, 0, 5).claims(4, 0);
  story.event(5, 0, "refused", { czxid: 100 });
  expect(staleWritesOf(story.told())).toEqual([]);
});

test("each old leader of a long line is held against the one with the highest token", () => {
  const story = frozen().writes(501, 1, 3).joins(600, 2).claims(700, 2).writes(701, 2, 4).writes(900, 0, 5);
  story.writes(901, 1, 6);
  expect(
    staleWritesOf(story.told()).map(({ candidate, successor }) => [candidate, successor.candidate]),
  ).toEqual([
    [0, 2],
    [1, 2],
  ]);
});
