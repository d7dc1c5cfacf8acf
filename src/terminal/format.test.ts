import { afterEach, expect, test, vi } from "vitest";
import { isPlain, paintFor, wrap } from "./format.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

const terminal = { isTTY: true } as NodeJS.WriteStream;
const pipe = {} as NodeJS.WriteStream;

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
  // no-color.org: an empty value does not count.
  vi.stubEnv("NO_COLOR", "");
  expect(isPlain(terminal)).toBe(false);
  vi.stubEnv("NO_COLOR", "1");
  expect(isPlain(terminal)).toBe(true);
  expect(paintFor(terminal).red("red")).toBe("red");
  vi.stubEnv("NO_COLOR", undefined);
  vi.stubEnv("TERM", "dumb");
  expect(isPlain(terminal)).toBe(true);
});
