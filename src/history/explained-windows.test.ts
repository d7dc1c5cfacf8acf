import { expect, test } from "vitest";
import { Story } from "../testing/story.ts";
import { COORDINATOR } from "./event.ts";
import { explain } from "./explained-windows.ts";
import { chronicleOf } from "./told.ts";

test("each window is judged while what explains it is still known, and hears when the next one begins", () => {
  const story = new Story({ failovers: 2 });
  for (const candidate of [0, 1, 2, 3]) story.joins(candidate, candidate);
  story.claims(4, 0).event(5, COORDINATOR, "enrolled", { candidates: 4 });
  // Candidate 2 ends in the first window as well, and candidate 3 is told so.
  story.fault(10, 1, 0).wakes(12, 1).claims(13, 1).expires(14, 2).wakes(15, 3, 2).settles(20, 1);
  story.fault(30, 2, 1).wakes(32, 3).claims(33, 3).settles(40, 2);

  const judged: object[] = [];
  explain(chronicleOf(story.told()), {
    window: (window, circumstances, until) =>
      judged.push({
        failover: window.strike.failover,
        woken: circumstances.causedIn(window).herd.map(({ candidate }) => candidate),
        others: circumstances.othersThatEnded(window),
        until,
      }),
  });

  expect(judged).toEqual([
    { failover: 1, woken: [1], others: [2], until: 30e6 },
    { failover: 2, woken: [3], others: [], until: undefined },
  ]);
});
