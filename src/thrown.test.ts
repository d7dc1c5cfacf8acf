import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { codeOf, messageOf } from "./thrown.ts";

test.each([
  ["an error", new TypeError("no idea"), "no idea"],
  ["a text", "no idea", "no idea"],
  ["nothing", undefined, "undefined"],
  ["an object", { reason: 7 }, "{ reason: 7 }"],
  ["an object that is no text", Object.create(null), "[Object: null prototype] {}"],
])("who throws %s has said something", (_, thrown, words) => {
  expect(messageOf(thrown)).toBe(words);
});

test("the system's errors have a code, and other thrown values have none", async () => {
  expect(codeOf(await readFile("/nowhere/at/all").catch((error) => error))).toBe("ENOENT");
  for (const thrown of [new Error("no idea"), undefined, "ENOENT"]) expect(codeOf(thrown)).toBeUndefined();
});
