import { expect, test } from "vitest";
import type { Monitor } from "./four-letter-word.ts";
import { hasCountedOn, isOneServer, isSameServer } from "./same-server.ts";

/** The report of a server that was asked at this moment, and took 2 ms to answer. */
function monitor(
  sentAt: number,
  numbers: Readonly<Record<string, number>>,
  role: Monitor["role"] = "follower",
): Monitor {
  return Object.assign(new Map(Object.entries(numbers)), { role, sentAt, answeredAt: sentAt + 2 });
}

const process = { cnt_readlatency: 30, cnt_election_time: 4 };
const first = monitor(1000, { uptime: 50_000, packets_received: 70, ...process });

test("a server that goes on is the same, and has counted on", () => {
  for (const second of [
    monitor(6000, { uptime: 55_001, packets_received: 70, ...process }),
    monitor(6000, { uptime: 54_999, packets_received: 99, ...process, cnt_readlatency: 40 }),
  ]) {
    expect(isSameServer(first, second)).toBe(true);
    expect(hasCountedOn(first, second)).toBe(true);
  }
});

test.each([
  ["has started at another time", monitor(6000, { uptime: 55_040, packets_received: 99, ...process })],
  ["has started again", monitor(6000, { uptime: 300, packets_received: 99, cnt_election_time: 1 })],
  ["has counted less", monitor(6000, { uptime: 55_000, packets_received: 69, ...process })],
  [
    "has another role without an election",
    monitor(6000, { uptime: 55_000, packets_received: 99, ...process }, "leader"),
  ],
  [
    "had its election before the first was asked",
    monitor(6000, { uptime: 20_000, packets_received: 99, cnt_readlatency: 30, cnt_election_time: 5 }),
  ],
])("one that %s is not", (_, second) => {
  expect(isSameServer(first, second)).toBe(false);
  expect(hasCountedOn(first, second)).toBe(false);
});

test.each(["leader", "follower"] as const)(
  "after an election of the servers, a %s is the same, but has not counted on",
  (role) => {
    const numbers = { uptime: 900, packets_received: 99, ...process, cnt_election_time: 5 };
    expect(isSameServer(first, monitor(6000, numbers, role))).toBe(true);
    expect(hasCountedOn(first, monitor(6000, numbers, role))).toBe(false);
  },
);

test("servers before 3.6 do not tell when they started: what they have counted, and their role, must do", () => {
  const before = monitor(1000, { packets_received: 70 });
  expect(isSameServer(before, monitor(6000, { packets_received: 71 }))).toBe(true);
  expect(isSameServer(before, monitor(6000, { packets_received: 9 }))).toBe(false);
  expect(isSameServer(before, monitor(6000, { packets_received: 71 }, "leader"))).toBe(false);
});

const summed = { ...process, sum_election_time: 312 };

test("answers at two addresses in turns are one server's if each counts on from the one before", () => {
  const told = [70, 71, 74, 75].map((packets_received, index) =>
    monitor(1000 + 5 * index, { uptime: 50_000 + 5 * index, packets_received, ...summed }),
  );
  expect(isOneServer(told)).toBe(true);
});

test.each([
  ["have not counted each other's questions", [70, 70, 71, 71], 312],
  ["have counted other things", [70, 71, 74, 75], 313],
])("answers are two servers' where they %s", (_, packets, electionMs) => {
  const told = packets.map((packets_received, index) => {
    const sum = index % 2 === 0 ? 312 : electionMs;
    return monitor(1000, { uptime: 50_000, packets_received, ...summed, sum_election_time: sum });
  });
  expect(isOneServer(told)).toBe(false);
});

test("servers before 3.6 are not recognised by what they have counted alone", () => {
  expect(isOneServer([70, 71].map((packets_received) => monitor(1000, { packets_received })))).toBe(false);
});
