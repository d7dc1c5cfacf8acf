import { expect, test } from "vitest";
import { schemeNames } from "../election/schemes.ts";
import { schemeCalled, schemeWatches } from "./scheme-words.ts";

test("what is watched takes at most eight words", () => {
  for (const name of schemeNames) expect(schemeWatches(name)?.split(" ").length).toBeLessThanOrEqual(8);
});

test("a user's own scheme is called by its name, and nobody knows what it watches", () => {
  expect(schemeCalled("leader")).toBe("watching the leader");
  expect(schemeCalled("mine")).toBe("the scheme mine");
  expect(schemeWatches("mine")).toBeNull();
});
