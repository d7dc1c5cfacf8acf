import { beforeEach, expect, test } from "vitest";
import type { SchemeName } from "../election/schemes.ts";
import { laneOf, pitchOf, placesOf } from "./lane.ts";
import { Side } from "./side.ts";

/** Candidates whose sequences are their own numbers, each with what it watches; the first leads. */
function standing(scheme: SchemeName, ...watches: readonly (number | "children")[]): Side {
  const side = new Side(scheme);
  const at = { at: 0 };
  for (const candidate of [0, ...watches.keys()].map((_, index) => index))
    side.hear({ ...at, candidate, type: "created", sequence: candidate, czxid: candidate + 10 });
  side.hear({ ...at, candidate: 0, type: "claimed", sequence: 0, czxid: 10 });
  watches.forEach((watched, index) => {
    const [watch, sequence] =
      watched === "children" ? (["children", index + 1] as const) : (["contender", watched] as const);
    side.hear({ ...at, candidate: index + 1, type: "armed", watch, sequence });
  });
  return side;
}

let herd: Side;

beforeEach(() => {
  herd = standing("leader", 0, 0, 0);
});

const keys = (side: Side) => laneOf(side, 50, 0).arrows.map(({ key }) => key);

test("each arrow goes to what is really watched", () => {
  expect(keys(standing("predecessor", 0, 1, 1))).toEqual(["1 0 armed", "2 1 armed", "3 1 armed"]);
  expect(keys(standing("children", "children", "children"))).toEqual([
    "1 children armed",
    "2 children armed",
  ]);
});

test("the list stands before all boxes, in both lines or in none", () => {
  const side = standing("children", "children");
  const { list, boxes, width } = laneOf(side, 50, 1);
  expect([list, boxes.map(({ x }) => x), width]).toEqual([0, [50, 100], 150]);
  expect(laneOf(herd, 50, 0).list).toBeNull();
  expect([placesOf(side), placesOf(herd)]).toEqual([3, 4]);
});

test("a watch that has fired is drawn until its owner watches something new", () => {
  herd.hear({ at: 1, candidate: 0, type: "struck", act: "resign" });
  herd.hear({ at: 1, candidate: 0, type: "gone", sequence: 0 });
  herd.hear({ at: 2, candidate: 2, type: "notified", watch: "contender", sequence: 0 });
  expect(keys(herd)).toEqual(["1 0 armed", "2 0 fired", "3 0 armed"]);
  herd.hear({ at: 3, candidate: 2, type: "armed", watch: "contender", sequence: 1 });
  expect(keys(herd)).toEqual(["1 0 armed", "2 1 again", "3 0 armed"]);
  herd.closeRanks();
  expect(keys(herd)).toEqual(["2 1 armed"]);
});

test("those who join together stand by their numbers, in whichever order they learn them", () => {
  for (const sequence of [6, 5])
    herd.hear({ at: 1, candidate: sequence, type: "created", sequence, czxid: 20 });
  expect(herd.members.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 5, 6]);
});

test("boxes share the width, and are never narrower than a finger needs, nor wide without end", () => {
  expect(pitchOf(600, 12)).toBe(50);
  expect(pitchOf(320, 30)).toBeGreaterThanOrEqual(24);
  expect(pitchOf(5000, 3)).toBeLessThan(120);
});
