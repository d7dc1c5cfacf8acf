import { EventEmitter } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { hearInterruptions } from "./interruption.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

/** What is heard of the signals, each given with the milliseconds since the previous one. */
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

  test("the same one in several ways, or two kinds at once, count as one", () => {
    expect(heardOf(["SIGTERM", 0], ["SIGTERM", 3], ["SIGTERM", 200])).toEqual(["first"]);
    expect(heardOf(["SIGINT", 0], ["SIGTERM", 500])).toEqual(["first"]);
  });

  test("a later one counts, even after one that did not", () => {
    expect(heardOf(["SIGINT", 0], ["SIGINT", 1000])).toEqual(["first", "again"]);
    expect(heardOf(["SIGTERM", 0], ["SIGTERM", 5], ["SIGINT", 1000])).toEqual(["first", "again"]);
  });
});
