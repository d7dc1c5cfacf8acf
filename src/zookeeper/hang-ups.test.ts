import { describe, expect, test } from "vitest";
import { HangUps } from "./hang-ups.ts";

const TIMEOUT_MS = 1000;

/** Each connection is given by how long it lasted, and whether a call was answered. */
function hopelessAt(connections: readonly { readonly ms: number; readonly answered?: boolean }[]): number {
  const hangUps = new HangUps();
  let now = 0;
  for (const [index, { ms, answered = false }] of connections.entries()) {
    hangUps.connected(now);
    if (answered) hangUps.answered();
    now += ms;
    if (hangUps.lost(now, TIMEOUT_MS)) return index + 1;
  }
  return -1;
}

describe("a session is hopeless", () => {
  test("at the tenth time that it is hung up on, over more than two timeouts", () => {
    expect(hopelessAt(Array(20).fill({ ms: 300 }))).toBe(10);
  });

  test("no sooner than after two timeouts", () => {
    expect(hopelessAt(Array(20).fill({ ms: 100 }))).toBe(-1);
    expect(hopelessAt(Array(30).fill({ ms: 100 }))).toBe(21);
  });

  test("not while calls are answered", () => {
    expect(
      hopelessAt(
        Array(40)
          .fill([{ ms: 300 }, { ms: 300, answered: true }])
          .flat(),
      ),
    ).toBe(-1);
  });

  test("not while connections stand long enough for a ping", () => {
    expect(hopelessAt(Array(40).fill({ ms: TIMEOUT_MS + 1 }))).toBe(-1);
  });
});
