import { expect, test } from "vitest";
import { Story } from "../testing/story.ts";
import { Lapses } from "./lapses.ts";

function lapsesIn(story: Story): number[] {
  const lapses = new Lapses();
  for (const event of story.told().events) lapses.event(event);
  return lapses.failovers;
}

const four = () => new Story({ failovers: 4 }).joins(0, 0).claims(1, 0).joins(2, 1).joins(3, 2);

test("finds a lease of a candidate that was not struck: a new leader's, and one that kept somebody from leading", () => {
  const story = four().fault(10, 1, 0).claims(12, 1).ends(13, 1, "lapsed").claims(14, 1).settles(15, 1);
  story.fault(20, 2, 1).looks(22, 2, "lapsed").claims(24, 2).settles(25, 2).fault(30, 3, 2).settles(35, 3);
  expect(lapsesIn(story)).toEqual([1, 2]);
});

test("the victim's lease runs out as it should, but not before the fault", () => {
  const after = four().fault(10, 1, 0).ends(12, 0, "lapsed").looks(12, 0, "lapsed").settles(15, 1);
  expect(lapsesIn(after)).toEqual([]);
  const before = four().fault(10, 1, 1).settles(15, 1).ends(17, 0, "lapsed").fault(20, 2, 0).settles(25, 2);
  expect(lapsesIn(before)).toEqual([2]);
});

test("a frozen leader's lapse, found when it wakes after all have settled, concerns no later failover", () => {
  const story = four()
    .fault(10, 1, 0)
    .claims(12, 1)
    .settles(15, 1)
    .thaws(20, 0, "lapsed")
    .ends(21, 0, "lapsed");
  expect(lapsesIn(story.fault(30, 2, 1).settles(35, 2))).toEqual([]);
});

test("a warm-up is no failover", () => {
  expect(lapsesIn(four().fault(10, 0, 0).looks(12, 1, "lapsed").settles(15, 0))).toEqual([]);
});
