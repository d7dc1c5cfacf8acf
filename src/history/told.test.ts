import { expect, test } from "vitest";
import { Story } from "../testing/story.ts";
import { chronicleOf, tell } from "./told.ts";

test("each strike is told right before the first event of its moment", () => {
  const history = new Story().joins(0, 0).fault(10, 1, 0).settles(12, 1).fault(20, 2, 0).told();
  const told = [...chronicleOf(history)].map((one) =>
    "strike" in one ? `strike ${one.strike.failover}` : one.event.type,
  );
  expect(told.slice(-5)).toEqual(["strike 1", "fault", "settled", "strike 2", "fault"]);
  expect(told.filter((what) => what.startsWith("strike"))).toHaveLength(2);
});

test("a strike of which no event tells comes last", () => {
  const { strikes } = new Story().fault(10, 1, 0).told();
  expect([...chronicleOf({ strikes, events: [] })]).toEqual([{ strike: strikes[0] }]);
});

test("a listener hears all in that order", () => {
  const history = new Story().fault(10, 1, 0).settles(12, 1).told();
  const heard: string[] = [];
  tell(chronicleOf(history), {
    strike: ({ failover }) => heard.push(`strike ${failover}`),
    event: ({ type }) => heard.push(type),
  });
  expect(heard).toEqual(["strike 1", "fault", "settled"]);
});
