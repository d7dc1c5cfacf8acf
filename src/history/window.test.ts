import { expect, test } from "vitest";
import { Story } from "../testing/story.ts";
import { notificationsIn, windowsOf } from "./window.ts";

const shapes = (story: Story) =>
  [...windowsOf(story.told())].map(({ strike, end, events }) => [
    strike.failover,
    end?.type ?? null,
    ...events.map(({ type }) => type),
  ]);

test("a window reaches from the fault to the end of its failover, and nothing outside belongs to it", () => {
  const story = new Story().joins(0, 0).wakes(9, 1).fault(10, 1, 0).wakes(11, 1).settles(12, 1).wakes(13, 1);
  expect(shapes(story.fault(20, 2, 1).aborts(30, 2).wakes(31, 1))).toEqual([
    [1, "settled", "notified", "settled"],
    [2, "aborted", "aborted"],
  ]);
});

test("a window without an end reaches to the last event", () => {
  expect(shapes(new Story().fault(10, 1, 0).wakes(11, 1).closes(12, 1))).toEqual([
    [1, null, "notified", "closing", "closed"],
  ]);
});

test("what reaches a victim before it comes back is stray, and what reaches those that it left is not", () => {
  const story = new Story()
    .joins(0, 0)
    .joins(0, 1)
    .joins(0, 2)
    .fault(10, 1, [0, 1])
    .wakes(11, 2)
    .wakes(12, 1);
  const [window] = windowsOf(story.joins(13, 1, 3).wakes(14, 1).settles(15, 1).told());
  const stray = [...(window?.stray ?? [])].map(({ at, type }) => [at / 1e6, type]);
  expect(stray).toEqual([
    [12, "notified"],
    [13, "connected"],
  ]);
  expect(window && notificationsIn(window).herd.map(({ candidate }) => candidate)).toEqual([2, 1]);
});

test("no fault, no window", () => {
  expect(shapes(new Story().joins(0, 0).aborts(10, 0))).toEqual([]);
});
