import { expect, test } from "vitest";
import { withPart } from "./page-part.ts";

test("a part of the page is replaced, and only that", () => {
  const page = "a\n<!-- measured -->\nold\n<!-- measured -->\nb\n";
  expect(withPart(page, "measured", "new")).toBe("a\n<!-- measured -->\n\nnew\n\n<!-- measured -->\nb\n");
  expect(() => withPart(page, "faults", "new")).toThrow("no part");
});
