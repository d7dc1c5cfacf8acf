import { beforeEach, expect, test, vi } from "vitest";
import { COORDINATOR } from "../history/event.ts";
import type { Happening } from "./ground.ts";
import { Show } from "./show.ts";

const ms = (value: number) => value * 1e6;
const struck = (at: number): Happening => ({ type: "struck", at: ms(at), candidate: 0, act: "resign" });
const gone = (at: number): Happening => ({ type: "gone", at: ms(at), candidate: 0, sequence: 0 });
const notified = (at: number, candidate: number): Happening => ({
  ...{ type: "notified", at: ms(at), candidate, watch: "contender", sequence: 0 },
});
const reading = (at: number, candidate: number): Happening => ({
  ...{ type: "reading", at: ms(at), candidate, cause: "notified" },
});
const read = (at: number, candidate: number): Happening => ({
  ...{ type: "read", at: ms(at), candidate, contenders: 3 },
});
const settled = (at: number): Happening => ({
  ...{ type: "settled", at: ms(at), candidate: COORDINATOR, failover: 1 },
});

let shown: string[];
let ended: number;
let show: Show;

beforeEach(() => {
  shown = [];
  ended = 0;
  show = new Show(2, (side, { type }) => shown.push(`${side} ${type}`), {
    began: () => undefined,
    ended: () => ended++,
  });
});

function hear(side: number, ...happenings: readonly Happening[]): void {
  for (const happening of happenings) show.hear(side, happening);
}

test("shows a millisecond as a second, both sides from their own strikes on", () => {
  hear(0, struck(10), gone(11), settled(11.5));
  hear(1, struck(70), gone(70.5), settled(71.2));
  show.pass(0);
  expect(shown).toEqual(["0 struck", "1 struck"]);
  show.pass(499);
  expect(shown).toHaveLength(2);
  show.pass(2);
  expect(shown.slice(2)).toEqual(["1 gone"]);
  expect(show.nowOn(1)).toBeCloseTo(ms(70.501));
  show.pass(500);
  expect(shown.slice(3)).toEqual(["0 gone"]);
  show.pass(1000);
  expect(shown.slice(4)).toEqual(["1 settled", "0 settled"]);
  expect([show.state, ended]).toEqual(["quiet", 1]);
});

test("is as slow as it is told to be", () => {
  show.slower = 100;
  hear(0, struck(0), gone(1), settled(1));
  hear(1, struck(0), settled(0));
  show.pass(99);
  expect(shown).not.toContain("0 gone");
  show.pass(1);
  expect(shown).toContain("0 gone");
});

test("cuts a long lull short, and says so", () => {
  hear(0, struck(0), gone(6000), settled(6000));
  hear(1, struck(0), gone(6000), settled(6000));
  show.pass(800);
  expect(show.isLull).toBe(true);
  expect(show.at).toBeCloseTo(ms(3000));
  show.pass(800);
  expect(show.state).toBe("quiet");
  expect(show.isLull).toBe(false);
});

test("waits for a side that may still tell of something earlier", () => {
  hear(0, struck(0), gone(1));
  show.pass(5000);
  expect(shown).toEqual([]);
  hear(1, struck(0), gone(0.4), settled(0.4));
  show.pass(5000);
  expect(shown).toEqual(["0 struck", "1 struck", "1 gone", "1 settled", "0 gone"]);
});

test("strikes wait until the scene before has been shown", () => {
  const strikes: number[] = [];
  const strike = (number: number) => () => {
    strikes.push(number);
    for (const side of [0, 1]) hear(side, struck(number), settled(number + 1));
  };
  show.strike(strike(1));
  show.strike(strike(2));
  show.strike(strike(3));
  expect([strikes, show.queued]).toEqual([[1], 2]);
  show.pass(999);
  expect(strikes).toEqual([1]);
  show.pass(1);
  expect([strikes, show.queued]).toEqual([[1, 2], 1]);
  show.pass(2000);
  expect([strikes, show.queued, show.state]).toEqual([[1, 2, 3], 0, "quiet"]);
});

test("shows nothing while it is paused, and goes on where it was", () => {
  hear(0, struck(0), gone(1), settled(1));
  hear(1, struck(0), settled(1));
  show.pass(500);
  show.pause();
  show.pass(5000);
  expect(shown).not.toContain("0 gone");
  show.goOn();
  show.pass(500);
  expect(shown).toContain("0 gone");
});

test("a step shows one phase, of each side as far as it goes there", () => {
  hear(0, struck(0), gone(1), notified(1.2, 1), reading(1.2, 1), read(1.3, 1), settled(2));
  hear(1, struck(0), gone(1), notified(1.3, 1), notified(1.4, 2), read(1.8, 1), read(1.9, 2), settled(3));
  show.pause();
  const steps: unknown[] = [];
  while (show.state !== "quiet") {
    const before = shown.length;
    steps.push([show.step(), shown.length - before]);
  }
  expect(steps).toEqual([
    ["struck", 2],
    ["gone", 2],
    ["notified", 2 + 2],
    ["reads", 1 + 2],
    ["settled", 2],
  ]);
});

test("a scene that follows a paused one is paused as well", () => {
  show.strike(() => [0, 1].map((side) => hear(side, struck(0), settled(1))));
  show.strike(() => [0, 1].map((side) => hear(side, struck(2), settled(3))));
  show.pause();
  show.step();
  show.step();
  expect(show.state).toBe("paused");
  expect(shown).toHaveLength(4);
});

test("begins afresh: what was to be shown, and who waited, is forgotten", () => {
  hear(0, struck(0), gone(1));
  show.strike(() => shown.push("late"));
  show.clear();
  show.finish();
  expect([shown, show.queued]).toEqual([[], 0]);
  hear(0, settled(5));
  hear(1, settled(6));
  show.finish();
  expect([shown, show.state]).toEqual([["0 settled", "1 settled"], "quiet"]);
});

test("a scene that nobody has asked for waits until the end of the one before has been seen", () => {
  show.strike(() => {
    for (const side of [0, 1]) hear(side, struck(0), settled(1), struck(5), settled(6));
  });
  show.pass(1000);
  expect([show.state, ended]).toEqual(["quiet", 1]);
  show.pass(1000);
  expect(shown).toHaveLength(4);
  show.pass(1000);
  show.pass(1000);
  expect([shown.length, ended]).toEqual([8, 2]);
});

test("strikes wait for scenes that have been heard of", () => {
  const struckAgain = vi.fn();
  show.strike(() => {
    for (const side of [0, 1]) hear(side, struck(0), settled(1), struck(5), settled(6));
  });
  show.strike(struckAgain);
  show.pass(1000);
  expect([ended, struckAgain.mock.calls.length]).toEqual([1, 0]);
  show.pass(1200);
  show.pass(1000);
  expect([ended, struckAgain.mock.calls.length]).toEqual([2, 1]);
});

test("a side may be over long before the other, and its next scene waits", () => {
  hear(0, struck(0), settled(1), struck(9), settled(10));
  hear(1, struck(0), gone(7));
  show.pass(5000);
  expect(shown).toEqual(["0 struck", "1 struck", "0 settled", "1 gone"]);
  hear(1, settled(8), struck(9), settled(10));
  show.finish();
  expect([shown.length, ended]).toEqual([9, 2]);
});
