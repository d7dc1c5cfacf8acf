import { expect, test } from "vitest";
import { sampleTrial } from "../../testing/samples.ts";
import { panelsOf, type Sample } from "./samples.ts";

/** Trials of so many candidates, of whom so many share a thread. */
function samples(...numbers: readonly (readonly [candidates: number, perThread: number])[]): Sample[] {
  return numbers.map(([candidates, perThread]) => ({
    run: 0,
    trial: sampleTrial({ candidates, perThread }),
  }));
}

test("all numbers of candidates are in one panel if each has one number of those in a thread", () => {
  const [panel, ...others] = panelsOf(samples([10, 1], [100, 10], [1000, 100]), "fault");
  expect(others).toEqual([]);
  expect(panel?.samples).toHaveLength(3);
  expect(panel?.title).not.toContain("per thread");
});

test("where the number of those in a thread is compared, each has its own panel", () => {
  const panels = panelsOf(samples([200, 1], [200, 10], [100, 10]), "fault");
  expect(panels.map(({ samples }) => samples.length).sort()).toEqual([1, 2]);
  expect(panels.some(({ title }) => title.includes("10 per thread"))).toBe(true);
});
