/** An ensemble of three servers, which fail together with candidates, or one after the other. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type LocalMembers, startMembers } from "../../ensemble/local-members.ts";
import { connectOf, leaderOf } from "../../ensemble/member.ts";
import { Scratch } from "../../ensemble/scratch.ts";
import { TcpRelay } from "../../network/tcp-relay.ts";
import { Referee } from "../../testing/referee.ts";
import { TestCandidate } from "../../testing/test-candidate.ts";
import { openSession } from "../../zookeeper/open-session.ts";
import type { Session } from "../../zookeeper/session.ts";

const TICK_MS = 200;

let scratch: Scratch;
let members: LocalMembers;
let referee: Referee;
let path: string;
let scenarios = 0;
const sessions: Session[] = [];

beforeAll(async () => {
  scratch = await Scratch.create();
  ({ members } = await startMembers(scratch, { servers: 3, tickTimeMs: TICK_MS, fsync: false }));
});

afterEach(async () => {
  for (const session of sessions.splice(0)) await session.close();
  expect(referee.faults).toEqual([]);
});

afterAll(() => scratch[Symbol.asyncDispose]());

/** @param connect all servers by default */
async function joined(
  timeoutMs: number,
  connect = connectOf(members),
  relay?: TcpRelay,
): Promise<TestCandidate> {
  const session = await openSession({ connect, timeoutMs });
  sessions.push(session);
  const options = { path, tickTimeMs: TICK_MS, suspendedPolicy: "session" } as const;
  return new TestCandidate(session, options, referee, relay).join();
}

function begin(): void {
  referee = new Referee();
  path = `/ensemble/election-${++scenarios}`;
}

test("S38 the leader of the ensemble dies together with the elected leader: the next one leads as soon as the ensemble has missed the old one for a full timeout again", async () => {
  begin();
  const T = 2000;
  const dying = await leaderOf(members);
  await using relay = await TcpRelay.start({ target: dying.address });
  const leader = await joined(T, relay.connect, relay);
  const next = await joined(T);
  await leader.beats();
  const term = await leader.leads();
  relay.cut();
  const struckAt = performance.now();
  await dying.process.kill();
  const successor = await next.leads();
  expect(successor.token).toBeGreaterThan(term.token);
  expect(term.validUntil).toBeLessThan(next.terms[0]?.claimedAt ?? 0);
  // A new leader of the ensemble gives each session its whole timeout again, so no failover can be sooner.
  const failoverMs = (next.terms[0]?.claimedAt ?? 0) - struckAt;
  expect(failoverMs).toBeGreaterThan(T);
  // The ensemble's own election takes less than a second here; the machine may be busy.
  expect(failoverMs).toBeLessThan(T + TICK_MS + 6000);
  await dying.process.restart();
  relay.dropConnections();
});

test("S39 the servers are restarted one after the other: sessions move on, and there is one leader all the while", async () => {
  begin();
  const scene = [await joined(8000), await joined(8000), await joined(8000)] as const;
  const [first] = scene;
  const { contender } = await first.leads();
  for (const { process } of members) {
    await process.kill();
    await vi.waitFor(() => expect(referee.valid).toHaveLength(1), 15_000);
    await process.restart();
    await Promise.all(scene.map((one) => one.until("leading", "waiting")));
    // The leader may be looking again, after its server was the last one to be restarted.
    await vi.waitFor(() => expect(referee.valid).toHaveLength(1), 15_000);
  }
  // No session had to end, so each is still the same one.
  expect(scene.map((one) => one.sessions.length)).toEqual([1, 1, 1]);
  expect((await first.leads()).contender).toEqual(contender);
  expect(scene.map(({ state }) => state.state).toSorted()).toEqual(["leading", "waiting", "waiting"]);
});
