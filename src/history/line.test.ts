import { expect, test } from "vitest";
import { Story } from "../testing/story.ts";
import { Line } from "./line.ts";

/** The line after all events of the story. */
function after(story: Story): Line {
  const line = new Line();
  for (const event of story.told().events) line.event(event);
  return line;
}

const inLine = (line: Line) => line.contenders.map(({ candidate, watches }) => [candidate, watches]);
const leaders = (line: Line) => line.terms.map(({ candidate, czxid, from }) => [candidate, czxid, from]);

/** Candidate 0 leads, 2 waits behind 1, and 1 behind 0, whatever their numbers: 2 has joined before 1. */
function settled(): Story {
  const story = new Story().joins(0, 0, 10).claims(1, 0).joins(2, 2, 12).joins(3, 1, 11);
  return story
    .event(4, 2, "armed", { watch: "contender", sequence: 11 })
    .event(5, 1, "armed", { watch: "contender", sequence: 10 });
}

test("contenders stand in the order of their sequence numbers, and watch whom they said", () => {
  expect(inLine(after(settled()))).toEqual([
    [0, null],
    [1, 10],
    [2, 11],
  ]);
});

test("before a znode is there, nobody stands in line", () => {
  expect(inLine(after(new Story().connects(0, 0).event(1, 0, "creating", {})))).toEqual([]);
});

test("who watches the child list watches all", () => {
  const story = new Story().joins(0, 0).event(1, 0, "armed", { watch: "children", sequence: 0 });
  expect(inLine(after(story))).toEqual([[0, "children"]]);
});

test("a leader leads since its claim, with its token, until its term ends", () => {
  expect(leaders(after(settled()))).toEqual([[0, 110, 1e6]]);
  expect(leaders(after(settled().leases(6, 0, 9).ends(7, 0, "resigned")))).toEqual([]);
});

test("an old leader that stands still leads on beside the new one, and its contender is gone", () => {
  const line = after(settled().fault(10, 1, 0).wakes(20, 1, 10).claims(21, 1));
  expect(leaders(line)).toEqual([
    [0, 110, 1e6],
    [1, 111, 21e6],
  ]);
  expect(inLine(line)).toEqual([
    [1, null],
    [2, 11],
  ]);
});

test("who is notified watches nobody, until its watch is armed again", () => {
  const story = settled().wakes(20, 1, 10);
  expect(inLine(after(story))).toEqual([
    [1, null],
    [2, 11],
  ]);
  story.event(22, 1, "armed", { watch: "contender", sequence: 9 });
  expect(inLine(after(story))[0]).toEqual([1, 9]);
});

test("who is told of the new leader waits for it as before", () => {
  expect(inLine(after(settled().announces(10, 0, 1)))[1]).toEqual([1, 10]);
});

test.each<[string, (story: Story) => Story, string]>([
  ["removes its znode", (story) => story.removes(10, 0), "connected"],
  ["makes another one", (story) => story.event(10, 0, "creating", {}), "connected"],
  ["closes its session", (story) => story.closes(10, 0), "over"],
  ["loses its session", (story) => story.expires(10, 0), "over"],
  ["finds its znode deleted", (story) => story.ends(10, 0, "deleted"), "connected"],
])("who %s leaves the line", (_, does, session) => {
  const line = after(does(settled()));
  expect(line.contenders.map(({ candidate }) => candidate)).toEqual([1, 2]);
  expect(line.candidates.get(0)).toMatchObject({ sequence: null, watches: null, session });
});

test("who joins again stands behind all others, however late they hear that it had left", () => {
  const line = after(settled().removes(10, 1).joins(11, 1, 13).wakes(12, 2, 11));
  expect(line.contenders.map(({ candidate, sequence, watches }) => [candidate, sequence, watches])).toEqual([
    [0, 10, null],
    [2, 12, null],
    [1, 13, null],
  ]);
});

test("who is cut off stays in line, and does not lead", () => {
  const line = after(settled().suspends(10, 0).ends(10, 0, "suspended").suspends(11, 2));
  expect(line.contenders.map(({ session }) => session)).toEqual(["suspended", "connected", "suspended"]);
  expect(line.terms).toEqual([]);
});

test("a leader that is back leads again with the same contender", () => {
  const line = after(settled().suspends(10, 0).ends(10, 0, "suspended").connects(11, 0, 1).claims(12, 0));
  expect(leaders(line)).toEqual([[0, 110, 12e6]]);
  expect(line.candidates.get(0)).toMatchObject({ session: "connected", sequence: 10 });
});

test("a copy stays as it was, and differs from the line in whoever has changed since", () => {
  const line = after(settled());
  const copy = new Map(line.candidates);
  const [notified] = settled().wakes(20, 2, 11).told().events.slice(-1);
  if (notified !== undefined) line.event(notified);
  const changed = [...line.candidates].filter(([candidate, state]) => copy.get(candidate) !== state);
  expect(changed.map(([candidate]) => candidate)).toEqual([2, 1]);
  expect(copy.get(2)).toMatchObject({ watches: 11 });
});
