import { describe, expect, test, vi } from "vitest";
import {
  AuthFailed,
  ConnectionLoss,
  ConnectTimeout,
  SessionExpired,
  Throttled,
} from "../zookeeper/errors.ts";
import type { Session, SessionState } from "../zookeeper/session.ts";
import { rejoin } from "./rejoin.ts";
import { realRuntime } from "./runtime.ts";

const atOnce = { ...realRuntime, random: () => 0 };

class FakeSession {
  state: SessionState = "expired";
  closed = 0;
  readonly signals: (AbortSignal | undefined)[] = [];
  readonly #next: () => Promise<FakeSession>;

  constructor(next: () => Promise<FakeSession> = () => new Promise(() => undefined)) {
    this.#next = next;
  }

  reopen(signal?: AbortSignal): Promise<FakeSession> {
    this.signals.push(signal);
    return this.#next();
  }

  async close(): Promise<void> {
    this.closed++;
    this.state = "closed";
  }
}

function open(): FakeSession {
  const session = new FakeSession();
  session.state = "connected";
  return session;
}

/** One of the elections whose session has ended. */
function returning(ended: FakeSession) {
  const giveUp = new AbortController();
  const attempts: number[] = [];
  const failures: [name: string, attempt: number][] = [];
  const hold = rejoin(ended as unknown as Session, atOnce, {
    signal: giveUp.signal,
    onAttempt: (attempt) => attempts.push(attempt),
    onFailure: (error, attempt) => failures.push([error.name, attempt]),
  });
  return { giveUp, attempts, failures, hold };
}

describe("what is tried again", () => {
  test("calls with an unknown outcome, not carried out, or too slow; each attempt is reported", async () => {
    const next = open();
    const errors = [
      new ConnectTimeout(0, "too late"),
      new SessionExpired(-112, "the session is gone"),
      new ConnectionLoss(-4, "lost"),
      new Throttled(-127, "too much to do"),
    ];
    const ended = new FakeSession(async () => {
      const error = errors.shift();
      if (error !== undefined) throw error;
      return next;
    });
    const { hold, attempts, failures } = returning(ended);
    expect((await hold)?.session).toBe(next);
    expect(attempts).toEqual([0, 1, 2, 3, 4]);
    expect(failures).toEqual([
      ["ConnectTimeout", 1],
      ["SessionExpired", 2],
      ["ConnectionLoss", 3],
      ["Throttled", 4],
    ]);
  });

  test("a refusal is final for all waiting elections", async () => {
    const ended = new FakeSession(() => Promise.reject(new AuthFailed(-115, "refused")));
    const [one, other] = [returning(ended), returning(ended)];
    await expect(one.hold).rejects.toThrow(AuthFailed);
    await expect(other.hold).rejects.toThrow(AuthFailed);
    expect(ended.signals).toHaveLength(1);
    // A new attempt starts over.
    await expect(returning(ended).hold).rejects.toThrow(AuthFailed);
    expect(ended.signals).toHaveLength(2);
  });
});

describe("elections that shared a session", () => {
  test("share the next one, whenever they ask for it; the last one to let go closes it", async () => {
    const next = open();
    const ended = new FakeSession(async () => next);
    const early = [returning(ended), returning(ended)];
    const holds = await Promise.all(early.map(({ hold }) => hold));
    holds.push(await returning(ended).hold);
    expect(holds.map((hold) => hold?.session)).toEqual([next, next, next]);
    expect(ended.signals).toHaveLength(1);
    await holds[0]?.letGo();
    await holds[0]?.letGo();
    await holds[1]?.letGo();
    expect(next.closed).toBe(0);
    await holds[2]?.letGo();
    expect(next.closed).toBe(1);
  });

  test("do not get a session that has ended meanwhile, or that nobody uses any more", async () => {
    const nexts: FakeSession[] = [];
    const ended = new FakeSession(async () => {
      const next = open();
      nexts.push(next);
      return next;
    });
    await returning(ended).hold;
    for (const next of nexts) next.state = "expired";
    const hold = await returning(ended).hold;
    expect(hold?.session).toBe(nexts[1]);
    await hold?.letGo();
    expect((await returning(ended).hold)?.session).toBe(nexts[2]);
  });

  test("give up one by one: the others go on", async () => {
    const next = open();
    let arrive: () => void = () => undefined;
    const ended = new FakeSession(
      () =>
        new Promise((resolve) => {
          arrive = () => resolve(next);
        }),
    );
    const [impatient, patient] = [returning(ended), returning(ended)];
    await vi.waitFor(() => expect(ended.signals).toHaveLength(1));
    impatient.giveUp.abort();
    expect(await impatient.hold).toBeUndefined();
    expect(ended.signals[0]?.aborted).toBe(false);
    arrive();
    const hold = await patient.hold;
    expect(hold?.session).toBe(next);
    await hold?.letGo();
    expect(next.closed).toBe(1);
  });

  test("all give up: the attempt ends, and a session that comes all the same is closed", async () => {
    const next = open();
    let arrive: () => void = () => undefined;
    const ended = new FakeSession(
      () =>
        new Promise((resolve) => {
          arrive = () => resolve(next);
        }),
    );
    const all = [returning(ended), returning(ended)];
    await vi.waitFor(() => expect(ended.signals).toHaveLength(1));
    for (const { giveUp } of all) giveUp.abort();
    expect(ended.signals[0]?.aborted).toBe(true);
    arrive();
    expect(await Promise.all(all.map(({ hold }) => hold))).toEqual([undefined, undefined]);
    expect(next.closed).toBe(1);
  });
});
