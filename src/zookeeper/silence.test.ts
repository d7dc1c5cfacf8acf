import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type LocalEnsemble, startLocal } from "../ensemble/local.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { TcpRelay } from "../network/tcp-relay.ts";
import { openSession } from "./open-session.ts";
import type { Session } from "./session.ts";
import { Silence } from "./silence.ts";

const TIMEOUT_MS = 3000;

let scratch: Scratch;
let ensemble: LocalEnsemble;

beforeAll(async () => {
  scratch = await Scratch.create();
  ensemble = await startLocal(scratch, { tickTimeMs: 200, fsync: false, runId: "silence-test" });
});

afterAll(async () => {
  await ensemble.close();
  await scratch[Symbol.asyncDispose]();
});

/** Cuts the session's connection, and expects it to be connected through the other relay within T/6. */
async function expectToTurnSoon(session: Session, one: TcpRelay, other: TcpRelay): Promise<void> {
  const told: { readonly state: string; readonly at: number }[] = [];
  session.on("state", (state) => told.push({ state, at: performance.now() }));
  // A timer that is a little early finds the client waiting for the rest, and hides the case.
  const busy = setInterval(() => {
    const until = performance.now() + 8;
    while (performance.now() < until);
  }, 1);
  // Probes go soon, so that one connection is left.
  await vi.waitFor(() => expect(one.connections + other.connections).toBe(1), 5000);
  for (const relay of [one, other]) if (relay.connections > 0) relay.cut();
  await vi.waitFor(() => expect(told.map(({ state }) => state)).toEqual(["suspended", "connected"]), 10_000);
  const [suspended, connected] = told;
  expect((connected?.at ?? 0) - (suspended?.at ?? 0)).toBeLessThan(TIMEOUT_MS / 6);
  clearInterval(busy);
}

test("a session whose server falls silent turns to another one as soon as it has given that up", async () => {
  const target = ensemble.members[0].address;
  await using one = await TcpRelay.start({ target, carries: "bytes" });
  await using other = await TcpRelay.start({ target, carries: "bytes" });
  await using session = await openSession({
    connect: `${one.connect},${other.connect}`,
    timeoutMs: TIMEOUT_MS,
  });
  let beating = true;
  const beats = (async () => {
    while (beating) {
      await session.sync("/").catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS / 7));
    }
  })();
  await expectToTurnSoon(session, one, other);
  beating = false;
  await beats;
});

test("so does one that nobody asks for anything", async () => {
  const target = ensemble.members[0].address;
  await using one = await TcpRelay.start({ target, carries: "bytes" });
  await using other = await TcpRelay.start({ target, carries: "bytes" });
  await using session = await openSession({
    connect: `${one.connect},${other.connect}`,
    timeoutMs: TIMEOUT_MS,
  });
  await session.sync("/");
  await expectToTurnSoon(session, one, other);
});

test("a client that would turn late never pings: a request takes the place of each ping", async () => {
  let requests = 0;
  const silence: Silence = new Silence({
    timeoutMs: 300,
    isWaiting: false,
    turnsLate: true,
    request: () => {
      requests++;
      silence.heard();
    },
  });
  silence.heard();
  await vi.waitFor(() => expect(requests).toBeGreaterThan(3), 10_000);
  silence.stop();
});
