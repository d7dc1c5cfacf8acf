import { EventEmitter } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { hearInterruptions } from "./interruption.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

/** What is heard of the signals: each with the milliseconds since the one before. */
function heardOf(...signals: readonly (readonly [name: string, afterMs: number])[]): string[] {
  const heard: string[] = [];
  const source = new EventEmitter();
  hearInterruptions(
    () => heard.push("first"),
    () => heard.push("again"),
    source,
  );
  for (const [name, afterMs] of signals) {
    vi.advanceTimersByTime(afterMs);
    source.emit(name);
  }
  return heard;
}

describe("signals", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP"])("%s alone asks for an end in order", (name) => {
    expect(heardOf([name, 0])).toEqual(["first"]);
  });

  test("the same one by several ways, or two kinds at once, are one", () => {
    expect(heardOf(["SIGTERM", 0], ["SIGTERM", 3], ["SIGTERM", 200])).toEqual(["first"]);
    expect(heardOf(["SIGINT", 0], ["SIGTERM", 500])).toEqual(["first"]);
  });

  test("a later one counts, also after one that did not", () => {
    expect(heardOf(["SIGINT", 0], ["SIGINT", 1000])).toEqual(["first", "again"]);
    expect(heardOf(["SIGTERM", 0], ["SIGTERM", 5], ["SIGINT", 1000])).toEqual(["first", "again"]);
  });
});
