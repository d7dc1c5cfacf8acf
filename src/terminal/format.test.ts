import { afterEach, expect, test, vi } from "vitest";
import { count, isPlain, milliseconds, paintFor, ratio, wrap } from "./format.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

const terminal = { isTTY: true } as NodeJS.WriteStream;
const pipe = {} as NodeJS.WriteStream;

test.each([
  [0, "0.00"],
  [0.001, "0.00"],
  [0.056, "0.06"],
  [2.294, "2.29"],
  [9.994, "9.99"],
  [9.996, "10.0"],
  [17.84, "17.8"],
  [99.94, "99.9"],
  [99.96, "100"],
  [123.4, "123"],
  [4012.5, "4013"],
])("%d ms has three digits: %s", (ms, text) => {
  expect(milliseconds(ms)).toBe(text);
});

test("a count is whole where it is whole", () => {
  expect([1, 49, 0, 48.96, 1.25].map(count)).toEqual(["1", "49", "0", "49.0", "1.3"]);
});

test("a ratio has two digits, or as many as it needs", () => {
  expect([1.05, 7.84, 9.96, 15.8, 120.4].map(ratio)).toEqual(["1.1", "7.8", "10", "16", "120"]);
});

test("breaks between words, and only where a line would be too long", () => {
  expect(wrap("one two three four", 9)).toBe("one two\nthree\nfour");
  expect(wrap("one two three four", 18)).toBe("one two three four");
  expect(wrap("", 10)).toBe("");
});

test("a word that is longer than a line stays whole", () => {
  expect(wrap("in /a/very/long/path it is", 8)).toBe("in\n/a/very/long/path\nit is");
});

test("does not break for a pipe", () => {
  expect(wrap("word ".repeat(100).trim(), Number.POSITIVE_INFINITY)).not.toContain("\n");
});

test("a pipe is plain, and so is a terminal that cannot draw or is asked not to", () => {
  vi.stubEnv("NO_COLOR", undefined);
  vi.stubEnv("TERM", "xterm-256color");
  expect(isPlain(terminal)).toBe(false);
  expect(isPlain(pipe)).toBe(true);
  // no-color.org: an empty value is none.
  vi.stubEnv("NO_COLOR", "");
  expect(isPlain(terminal)).toBe(false);
  vi.stubEnv("NO_COLOR", "1");
  expect(isPlain(terminal)).toBe(true);
  expect(paintFor(terminal).red("red")).toBe("red");
  vi.stubEnv("NO_COLOR", undefined);
  vi.stubEnv("TERM", "dumb");
  expect(isPlain(terminal)).toBe(true);
});
