/** A real session through the network's thread. */
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalEnsemble, startLocal } from "../ensemble/local.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { openSession } from "../zookeeper/open-session.ts";
import { candidateLink, Network } from "./network.ts";

const TIMEOUT_MS = 4000;

let scratch: Scratch;
let ensemble: LocalEnsemble;
let network: Network;

beforeAll(async () => {
  scratch = await Scratch.create();
  ensemble = await startLocal(scratch, { tickTimeMs: 200, fsync: false, runId: "session-test" });
  network = await Network.open({ origin: process.hrtime.bigint(), seed: 1 });
  await network.add([{ id: candidateLink(0), targets: [ensemble.members[0].address] }]);
});

afterAll(async () => {
  await network[Symbol.asyncDispose]();
  await ensemble.close();
  await scratch[Symbol.asyncDispose]();
});

const open = () => openSession({ connect: network.connectFor(0), timeoutMs: TIMEOUT_MS });
const path = [{ link: candidateLink(0) }];

test("a round trip takes twice the delay", async () => {
  await using session = await open();
  const slow = await network.apply(path, { type: "latency", ms: 50 });
  const start = performance.now();
  await session.sync("/");
  expect(performance.now() - start).toBeGreaterThanOrEqual(100);
  await slow.end();
});

test("a cut that heals before the timeout costs neither session nor ephemeral znodes", async () => {
  await using session = await open();
  const { id } = session;
  const mine = await session.create(`${ensemble.root}/mine`, "", "ephemeral");
  const suspended = once(session, "state");
  const cut = await network.cut([0], { forMs: 0.75 * TIMEOUT_MS });
  expect((await suspended)[0]).toBe("suspended");
  await cut.ended;
  while (session.state !== "connected") await once(session, "state");
  expect(session.id).toBe(id);
  expect(await session.children(ensemble.root)).toEqual([mine.slice(ensemble.root.length + 1)]);
});

test("the reply to a create is lost with its connection, and the znode is there", async () => {
  await using session = await open();
  const rule = { type: "on-frame", kind: "create", act: "reset" } as const;
  const lost = await network.apply(path, rule, { direction: "to-client" });
  await expect(session.create(`${ensemble.root}/unheard`, "", "persistent")).rejects.toThrow();
  expect(await lost.reached).toBeGreaterThan(lost.since);
  await lost.end();
  expect(await ensemble.session.children(ensemble.root)).toContain("unheard");
});

test("what the relays add to a round trip is measured once, and is far below a delay", async () => {
  const added = await network.addedMs();
  expect(added).toBeLessThan(20);
  expect(await network.addedMs()).toBe(added);
});
