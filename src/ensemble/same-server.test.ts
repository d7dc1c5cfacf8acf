import { expect, test } from "vitest";
import type { Monitor } from "./four-letter-word.ts";
import { isSameServer } from "./same-server.ts";

/** What a server told that was asked at a moment, and took 2 ms to answer. */
function monitor(sentAt: number, numbers: Readonly<Record<string, number>>, role = "follower"): Monitor {
  return Object.assign(new Map(Object.entries(numbers)), { role, sentAt, answeredAt: sentAt + 2 });
}

const first = monitor(1000, { uptime: 50_000, packets_received: 70 });

test("a server that goes on is the same", () => {
  expect(isSameServer(first, monitor(6000, { uptime: 55_001, packets_received: 70 }))).toBe(true);
  expect(isSameServer(first, monitor(6000, { uptime: 54_999, packets_received: 99 }))).toBe(true);
});

test.each([
  ["has started at another time", monitor(6000, { uptime: 55_040, packets_received: 99 })],
  ["has started again", monitor(6000, { uptime: 300, packets_received: 99 })],
  ["has counted less", monitor(6000, { uptime: 55_000, packets_received: 69 })],
  ["leads now, and counts from zero", monitor(6000, { uptime: 55_000, packets_received: 99 }, "leader")],
])("one that %s is not", (_, second) => {
  expect(isSameServer(first, second)).toBe(false);
});

test("servers before 3.6 do not tell when they started: what they have counted must do", () => {
  expect(isSameServer(monitor(1000, { packets_received: 70 }), monitor(6000, { packets_received: 71 }))).toBe(
    true,
  );
  expect(isSameServer(monitor(1000, { packets_received: 70 }), monitor(6000, { packets_received: 9 }))).toBe(
    false,
  );
});
