import { expect, test } from "vitest";
import { sampleResult, sampleTrial } from "../testing/samples.ts";
import { markdown } from "./markdown.ts";
import { sharedThreads } from "./shared-threads.ts";

test("what candidates shared is told, and nothing where each had its own thread", () => {
  const [own, shared] = [sampleTrial(), sampleTrial({ candidates: 95, perThread: 10 })];
  expect(sharedThreads([own])).toBeNull();
  expect(sharedThreads([shared])).toBe(
    "Up to 10 candidates shared a thread, of 10: it is one event loop, and what one does there delays the others.",
  );
  expect(sharedThreads([own, shared, sampleTrial({ candidates: 100, perThread: 50 })])).toMatch(
    /^Up to 10 and 50 candidates shared a thread in 2 of 3 trials, of 2 and 10: /,
  );
  expect(markdown(sampleResult({ trials: [shared] }))).toContain("Up to 10 candidates shared a thread");
});
