import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Venue } from "../testing/venue.ts";
import type { NativeSession } from "../zookeeper/native-session.ts";
import type { ElectionDiagnostics } from "./diagnostics.ts";

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("diagnostics");
});

afterAll(() => venue[Symbol.asyncDispose]());

const names = ["joined", "claimed", "beat", "ended", "lost", "rejoined"] as const;

test("a subscriber of the process's channels is told each step, with its figures", async () => {
  const told: { name: string; message: object }[] = [];
  const listeners = names.map((name) => {
    const channel = `zk-election-lab:${name}` satisfies keyof ElectionDiagnostics;
    const onMessage = (message: unknown) => told.push({ name, message: message as object });
    subscribe(channel, onMessage);
    return () => unsubscribe(channel, onMessage);
  });
  const { path } = venue;
  const one = await venue.relayed({ rejoin: true, timeoutMs: 2000 });
  await one.join();
  await one.beats();
  await one.reset();
  await one.until("suspended");
  await one.until("leading");
  const [first = Number.NaN] = one.terms.map(({ term }) => term.token);
  await venue.expire(one.session as NativeSession);
  await one.reaches("rejoined", () => one.phases.includes("rejoined"));
  await one.election.resign();
  for (const stop of listeners) stop();
  await venue.clear();

  const firstOf = (name: string) => told.find((one) => one.name === name)?.message;
  expect(firstOf("joined")).toEqual({ path, contender: one.names[0], token: first });
  expect(firstOf("claimed")).toEqual({ path, token: first });
  expect(firstOf("beat")).toEqual({ path, tookMs: expect.any(Number) });
  expect(firstOf("lost")).toEqual({ path });
  expect(firstOf("ended")).toEqual({ path, token: first, reason: "suspended", ledMs: expect.any(Number) });
  expect(firstOf("rejoined")).toEqual({ path, session: one.sessions[1]?.id });
});
