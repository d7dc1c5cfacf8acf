import { beforeEach, describe, expect, test } from "vitest";
import type { SchemeName } from "../election/schemes.ts";
import { type Lane, laneOf, placesOf, spacingOf, watcherAt } from "./lane.ts";
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

const spacing = { pitch: 50, folded: null };
const keys = (side: Side) => laneOf(side, spacing, 0).arrows.map(({ key }) => key);

test("each arrow goes to what is really watched", () => {
  expect(keys(standing("predecessor", 0, 1, 1))).toEqual(["1 0 armed", "2 1 armed", "3 1 armed"]);
  expect(keys(standing("children", "children", "children"))).toEqual([
    "1 children armed",
    "2 children armed",
  ]);
});

test("the list stands before all boxes, in both lines or in none", () => {
  const side = standing("children", "children");
  const { list, boxes, width } = laneOf(side, spacing, 1);
  expect([list, boxes.map(({ x }) => x), width]).toEqual([0, [50, 100], 150]);
  expect(laneOf(herd, spacing, 0).list).toBeNull();
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
  expect(spacingOf(600, 12)).toEqual({ pitch: 50, folded: null });
  expect(spacingOf(320, 24).pitch).toBeGreaterThanOrEqual(24);
  expect(spacingOf(5000, 3).pitch).toBeLessThan(120);
});

describe.each([340, 1120, 1700])("200 candidates on %d pixels", (width) => {
  const many = standing("leader", ...Array.from({ length: 199 }, () => 0));
  const spaced = spacingOf(width, 200);
  const lane = (...open: number[]) => laneOf(many, spaced, 0, new Set(open));
  const sequences = (lane: Lane) => lane.boxes.map(({ member }) => member.sequence);

  test("the ends stand in full, all others as cells, and nobody is left out", () => {
    const { folds, boxes, width: taken } = lane(0);
    const all = [
      ...sequences(lane(0)),
      ...folds.flatMap(({ members }) => members.map((one) => one.sequence)),
    ];
    expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, index) => index));
    expect(sequences(lane(0)).slice(0, 2)).toEqual([0, 1]);
    expect(boxes.at(-1)?.member.sequence).toBe(199);
    expect(taken).toBeLessThanOrEqual(width);
    for (const { members, rows, cell, width: wide } of folds)
      expect(rows * Math.floor(wide / cell)).toBeGreaterThanOrEqual(members.length);
  });

  test("a chosen place stands in full with its neighbours, and the line stays within the page", () => {
    const opened = lane(100);
    expect(sequences(opened)).toEqual(expect.arrayContaining([99, 100, 101]));
    expect(opened.folds).toHaveLength(2);
    expect(opened.width).toBeLessThanOrEqual(width);
  });

  test("arrows of cells are drawn once for each column", () => {
    const { folds, bundles, arrows, boxes } = lane(0);
    const columns = folds.reduce((sum, { members, rows }) => sum + Math.ceil(members.length / rows), 0);
    expect(bundles.armed.path.split("M").length - 1).toBe(columns);
    expect(arrows).toHaveLength(boxes.length - 1);
  });
});

test("cells that watch the one before them need no arrows", () => {
  const chain = standing("predecessor", ...Array.from({ length: 199 }, (_, index) => index));
  const { bundles, arrows, folds } = laneOf(chain, spacingOf(1120, 200), 0);
  expect(folds).toHaveLength(1);
  // The first cell watches a box, and the box after the last cell watches a cell.
  expect(bundles.armed.path.split("M").length - 1).toBe(1);
  expect(arrows).toHaveLength(24 - 1);
});

test("a line of sixty is folded only where it does not fit", () => {
  expect(spacingOf(1700, 60).folded).toBeNull();
  expect(spacingOf(1120, 60).folded).not.toBeNull();
  expect(spacingOf(340, 12).folded).toBeNull();
});

test("an arrow is found where it is drawn, and nowhere else", () => {
  const lane = laneOf(herd, spacing, 0);
  const arrow = lane.arrows[2];
  expect(arrow?.watcher.sequence).toBe(3);
  const { start = 0, end = 0, top = 0 } = arrow ?? {};
  // A cubic curve's middle is at three quarters of the way to its handles.
  const middle = [(start + end) / 2, lane.rise * 0.25 + top * 0.75] as const;
  expect(watcherAt(lane, ...middle)?.sequence).toBe(3);
  expect(watcherAt(lane, start, lane.rise - 1)?.sequence).toBe(3);
  expect(watcherAt(lane, middle[0], middle[1] - 20)).toBeUndefined();
});
