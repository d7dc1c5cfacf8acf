import { describe, expect, test } from "vitest";
import { Contacts } from "../zookeeper/contacts.ts";
import type { Session } from "../zookeeper/session.ts";
import { patienceMs } from "./heartbeat.ts";
import { Lease, leftWhenDue } from "./lease.ts";
import { realRuntime } from "./runtime.ts";

const T = 10_000;
const TICK = 2000;

/** The end of the lease after these contacts, each given by when it was sent and when it was answered. */
function leaseAfter(...contacts: readonly (readonly [sentAt: number, answeredAt: number])[]): number {
  const known = new Contacts(T);
  known.add({ type: "connected", sentAt: -60_000, answeredAt: -59_990 });
  for (const [sentAt, answeredAt] of contacts) known.add({ type: "synced", sentAt, answeredAt });
  const session = { contacts: known, timeoutMs: T } satisfies Partial<Session> as unknown as Session;
  return new Lease(session, realRuntime, TICK).until;
}

const beats = (first: number, count: number, everyMs: number, tookMs: number) =>
  Array.from({ length: count }, (_, i) => [first + i * everyMs, first + i * everyMs + tookMs] as const);

test("one lease counts each new contact, and another timeout as soon as that is granted", () => {
  const known = new Contacts(T);
  const granted = { contacts: known, timeoutMs: T };
  const lease = new Lease(granted satisfies Partial<Session> as unknown as Session, realRuntime, TICK);
  expect(lease.until).toBe(Number.NEGATIVE_INFINITY);
  known.add({ type: "connected", sentAt: 0, answeredAt: 10 });
  expect(lease.until).toBe(T - TICK);
  known.add({ type: "synced", sentAt: 500, answeredAt: 502 });
  expect(lease.until).toBe(500 + T - TICK);
  granted.timeoutMs = T / 2;
  expect(lease.until).toBe(T / 2 - TICK + 500);
});

test("counts from a connection until a sync is known to have been passed on", () => {
  expect(leaseAfter(...beats(-59_500, 5, 500, 2))).toBe(-60_000 + T);
  expect(leaseAfter(...beats(-59_500, 6, 500, 2))).toBe(-59_500 + T);
});

test("a leader that beats every quarter of a tick keeps all but one and a quarter ticks of its timeout", () => {
  expect(leaseAfter(...beats(0, 40, 500, 2))).toBe(39 * 500 + T - 1.25 * TICK);
});

test("a waiting candidate, which syncs every seventh of the timeout, has more than a third left when the next sync is due", () => {
  const sevenths = beats(0, 20, T / 7, 2);
  expect(leaseAfter(...sevenths) - 20 * (T / 7)).toBeGreaterThan(T / 3);
});

test("one that has stood still counts its earlier messages as before", () => {
  const before = beats(0, 10, 500, 2);
  const woken = before.concat([[8000, 8002]]);
  expect(leaseAfter(...woken)).toBe(leaseAfter(...before, [5000, 5002]));
});

test("an answer that the ensemble's leader delays, and a ping that its connection delays, do not add up to a touch", () => {
  // The client stands still for five seconds, and wakes just after a ping. The ensemble's leader stands still
  // from 0.96 s to 1.41 s, answers the sync of 1.35 s, and sends the ping that was due at 1.0 s, which takes
  // 0.4 s to arrive. The server is cut off as it passes on the answer to the sync of 1.8 s: nothing after the
  // sync of −5.5 s was ever passed on.
  const lost = leaseAfter(
    ...beats(-8000, 6, 500, 2),
    [-5, 0],
    [450, 452],
    [900, 902],
    [1350, 1412],
    [1800, 1830],
  );
  expect(lost).toBeLessThanOrEqual(-5500 + T);
});

test("a sync that takes no time is not one after itself", () => {
  const before = beats(0, 10, 500, 2);
  expect(leaseAfter(...before, [5000, 5000])).toBe(leaseAfter(...before, [5000, 5002]));
});

/** Beats like a heartbeat: each pause is up to a fifth shorter than the longest. */
function randomBeats(everyMs: number, random: () => number): (readonly [number, number])[] {
  let at = 0;
  return Array.from({ length: 80 }, () => {
    at += everyMs * (1 - 0.2 * random());
    return [at, at + 0.01] as const;
  });
}

describe("what is left of a lease when the next heartbeat is due", () => {
  test.each([
    { pace: "leading", everyMs: TICK / 4 },
    { pace: "waiting", everyMs: T / 7 },
  ])("is no less than predicted, $pace, for any pauses", ({ everyMs }) => {
    for (let round = 0; round < 500; round++) {
      const beats = randomBeats(everyMs, round === 0 ? () => 0 : Math.random);
      const last = beats.at(-1)?.[0] ?? 0;
      expect(leaseAfter(...beats) - (last + everyMs)).toBeGreaterThanOrEqual(
        leftWhenDue(T, TICK, everyMs) - 1,
      );
    }
  });

  test("leaves patience even with the shortest session timeout that servers grant", () => {
    expect(patienceMs(4000, 2000)).toBeGreaterThan(200);
    expect(patienceMs(4000, 2000)).toBeLessThan(4000 / 7);
    expect(patienceMs(4000)).toBe(patienceMs(4000, 2000));
    expect(patienceMs(400, 200)).toBeGreaterThan(20);
  });
});
