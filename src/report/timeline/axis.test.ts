import { expect, test } from "vitest";
import { columnsOf } from "../../history/columns.ts";
import { Story } from "../../testing/story.ts";
import { axisOf, type Scene } from "./axis.ts";
import { scaleOf, type TimeScale, ticksOf, timeAt, xOf } from "./time-scale.ts";
import { trialView } from "./trial-view.ts";

/** A leader that stands still at 100 ms; it goes on, and its write is refused, beside its successor. */
function frozen(wait: number, work: number): Story {
  const claims = 100 + wait + work;
  return new Story({ candidates: 2, counter: "guarded" })
    .joins(0, 0)
    .joins(0, 1)
    .claims(1, 0)
    .fault(100, 1, 0)
    .wakes(100 + wait, 1)
    .claims(claims, 1)
    .writes(claims + 1, 1, 1)
    .settles(claims + 2, 1)
    .thaws(claims + 600, 0, "lapsed")
    .isRefused(claims + 602, 0)
    .ends(claims + 603, 0, "lapsed");
}

function scene(story: Story, mark: number | null = null): Scene {
  const { header, strikes, events } = story.told();
  const view = trialView({ header, strikes, roles: [], columns: columnsOf(events), leftOut: 0 });
  const [episode] = view.episodes;
  if (episode === undefined) throw new Error("nobody is struck");
  return { view, episode, mark };
}

/** The axis on a hundred pixels for each failover. */
function scales(...scenes: readonly Scene[]): TimeScale[] {
  const axis = axisOf(scenes);
  return scenes.map(({ episode }, index) =>
    scaleOf(episode?.at ?? 0, axis, { left: 0, width: 100 }, axis.cuts[index]),
  );
}

const ms = (at: number) => at * 1e6;

test("a failover without a wait is shown whole, with a little room around", () => {
  const story = new Story({ candidates: 2 }).joins(0, 0).claims(0, 0).joins(0, 1).fault(100, 1, 0);
  const axis = axisOf([scene(story.wakes(102, 1).claims(110, 1).settles(111, 1))]);
  expect(axis.cuts).toEqual([[]]);
  expect(axis.from).toBeLessThan(0);
  expect(axis.to).toBeGreaterThan(ms(10));
  expect(axis.to).toBeLessThan(ms(13));
});

test("waits are cut out, so that strike, succession and the second leader are seen at once", () => {
  const [scale] = scales(scene(frozen(2000, 4)));
  if (scale === undefined) throw new Error("no scale");
  expect(scale.cuts).toHaveLength(2);
  const [strike = 0, woken = 0, claims = 0, goesOn = 0, refused = 0] = [100, 2100, 2104, 2704, 2706].map(
    (at) => xOf(scale, ms(at)),
  );
  expect(strike).toBeGreaterThan(0);
  expect(woken - strike).toBeGreaterThan(5);
  expect(claims - woken).toBeGreaterThan(20);
  expect(goesOn - claims).toBeGreaterThan(5);
  expect(refused - goesOn).toBeGreaterThan(10);
  expect(refused).toBeLessThan(90);
  expect(timeAt(scale, refused)).toBeCloseTo(ms(2706), 0);
});

test("two failovers have one axis: after waits of different lengths both go on at one place", () => {
  const [first, second] = scales(scene(frozen(2000, 4)), scene(frozen(2350, 20)));
  if (first === undefined || second === undefined) throw new Error("no scales");
  expect(xOf(first, ms(100))).toBeCloseTo(xOf(second, ms(100)), 6);
  expect(xOf(first, ms(2100))).toBeCloseTo(xOf(second, ms(2450)), 6);
  // What took longer is longer.
  const [short, long] = [
    xOf(first, ms(2104)) - xOf(first, ms(2100)),
    xOf(second, ms(2470)) - xOf(second, ms(2450)),
  ];
  expect(long / short).toBeCloseTo(5, 6);
  const [resumed, also] = [xOf(first, ms(2704)), xOf(second, ms(3070))];
  expect(resumed).toBeCloseTo(also, 6);
});

test("after a cut the axis counts anew", () => {
  const [scale] = scales(scene(frozen(2000, 4)));
  if (scale === undefined) throw new Error("no scale");
  const labels = ticksOf({ ...scale, width: 1000 }, ms(100), 60).map(({ label }) => label);
  expect(labels.filter((label) => label === "0")).toHaveLength(1);
  expect(labels.filter((label) => label === "+0")).toHaveLength(2);
  expect(labels).toContain("+2 ms");
});

test("a moment that somebody asked for is never cut out", () => {
  const mark = ms(1100);
  const [scale] = scales(scene(frozen(2000, 4), mark));
  if (scale === undefined) throw new Error("no scale");
  expect(scale.cuts?.some(({ from, to }) => from <= mark && mark <= to)).toBe(false);
  expect(timeAt(scale, xOf(scale, mark))).toBeCloseTo(mark, 0);
});
