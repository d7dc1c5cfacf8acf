/** Leaders that no longer lead and do not know it: frozen, cut off, or deceived by a leftover znode. */
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ProgramMessage } from "../../testing/candidate-program.ts";
import { ChildProgram } from "../../testing/child-program.ts";
import { Venue } from "../../testing/venue.ts";
import { Fenced, fence, readFenced } from "../fence.ts";
import { schemes } from "../schemes.ts";

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("zombies");
});

afterEach(() => venue.clear());
afterAll(() => venue[Symbol.asyncDispose]());

describe("a leader stands still for longer than its session timeout", () => {
  const T = 1000;
  let strikes = 0;

  async function frozen(strike: (leader: ChildProgram<ProgramMessage>) => void): Promise<void> {
    const resource = `${venue.ensemble.root}/frozen-${++strikes}`;
    const { connect, tickTimeMs } = venue.ensemble;
    await using leader = await ChildProgram.start<ProgramMessage>(
      venue.scratch.folder,
      "candidate-program.ts",
      {
        connect,
        timeoutMs: T,
        tickTimeMs: tickTimeMs ?? 0,
        path: venue.path,
        resource,
      },
    );
    await leader.told("ready");
    const successor = await venue.joined();
    expect(successor.state.state).toBe("waiting");
    strike(leader);
    const term = await successor.leads();
    await fence(term.token).write(venue.operator, resource, "successor");
    leader.continue();
    // Nobody has told it anything yet.
    const woke = await leader.told("woke");
    expect(woke.valid).toBe(false);
    expect(woke.at).toBeGreaterThan(successor.terms[0]?.claimedAt ?? Number.POSITIVE_INFINITY);
    expect((await leader.told("acted")).outcome).toBe("Fenced");
    expect(await readFenced(venue.operator, resource)).toEqual({ token: term.token, data: "successor" });
    const { reason } = await leader.told("ended");
    expect(["lapsed", "suspended", "expired"]).toContain(reason);
    expect(term.valid).toBe(true);
  }

  test("S09 by itself, as in a garbage collection: not valid from its first instruction on, and fenced", () =>
    frozen((leader) => leader.say(String(3 * T))));

  test("S09 stopped from outside: not valid at its first timer, and fenced", () =>
    frozen((leader) => leader.stop()));
});

test.each([
  // The client gives up a silent server after two thirds of T, and the lease is to outlast that.
  { suspendedPolicy: "strict", reason: "suspended", timeoutMs: 4000 },
  { suspendedPolicy: "session", reason: "lapsed", timeoutMs: 1500 },
] as const)(
  "S08 a leader is cut off and never told ($suspendedPolicy): its term is over before its successor claims",
  async ({ suspendedPolicy, reason, timeoutMs }) => {
    const leader = await (await venue.relayed({ timeoutMs, suspendedPolicy })).join();
    const next = await venue.joined();
    const term = await leader.leads();
    await leader.beats();
    leader.connection.cut();
    expect(term.valid).toBe(true);
    const successor = await next.leads();
    // Still nobody has told it.
    expect(leader.session.state).toBe("suspended");
    expect(leader.phases).toContain(`ended: ${reason}`);
    expect(await term.ended).toBe(reason);
    const claimedAt = next.terms[0]?.claimedAt ?? 0;
    expect(leader.terms[0]?.ended?.at).toBeLessThan(claimedAt);
    expect(term.validUntil).toBeLessThan(claimedAt);
    expect(successor.token).toBeGreaterThan(term.token);
    leader.connection.heal();
    await leader.until("over");
    expect(leader.terms).toHaveLength(1);
    expect(await venue.contenders()).toEqual([next.name]);
  },
);

test("S10 its contender is listed again but belongs to another session: it does not lead by it", async () => {
  const leader = await (await venue.relayed()).join();
  const { name } = leader;
  const held = leader.connection.holdAt("to-server", "connect");
  await leader.reset();
  await leader.until("suspended");
  const impostor = await venue.open();
  await venue.remove(name);
  await impostor.create(`${venue.path}/${name}`, "", "ephemeral");
  held.release();
  await leader.waitsBehind({ name });
  expect(leader.terms).toHaveLength(1);
  expect(await venue.contenders()).toEqual([name, leader.name]);
  await impostor.close();
  expect((await leader.leads()).contender.name).toBe(leader.name);
});

test("S11 both candidates are reset at once, again and again, while they look: never two lead", async () => {
  const a = await (await venue.relayed()).join();
  const b = await (await venue.relayed()).join();
  for (let round = 0; round < 10; round++) {
    const stale = round % 2 === 0 ? a : b;
    const held = stale.connection.holdAt("to-client", "children");
    await Promise.all([a.reset(), b.reset()]);
    await held.reached;
    // Answers from before come after the next reset, if ever.
    await stale.reset();
    held.release();
    await a.leads();
    await b.waitsBehind(a);
  }
  expect(await venue.contenders()).toEqual([a.name, b.name]);
  expect(b.terms).toEqual([]);
});

test.each(["predecessor", "heir"] as const)(
  "S12 the third of four dies (%s): the fourth stays a follower",
  async (scheme) => {
    const options = { scheme: schemes[scheme] };
    const [first, second, third, fourth] = [
      await venue.joined(options),
      await venue.joined(options),
      await venue.joined(options),
      await venue.joined(options),
    ];
    await third.session.close();
    await fourth.waitsBehind(second);
    await venue.quiet(first, second, fourth);
    expect([second, fourth].map(({ terms }) => terms.length)).toEqual([0, 0]);
    expect(first.terms[0]?.term.valid).toBe(true);
  },
);

test.each(["predecessor", "leader", "children", "heir"] as const)(
  "S14 an operator deletes the leader's contender (%s): it is told, and joins again behind all others",
  async (scheme) => {
    const options = { scheme: schemes[scheme] };
    const [leader, second, third] = [
      await venue.joined(options),
      await venue.joined(options),
      await venue.joined(options),
    ];
    const term = await leader.leads();
    await venue.remove(leader.name);
    await second.leads();
    expect(await term.ended).toBe("deleted");
    await leader.until("waiting", "heir");
    expect(await venue.contenders()).toEqual([second.name, third.name, leader.name]);
    expect(leader.count("created")).toBe(2);
  },
);

test("S14 the notification tells it, so it does not have to ask", async () => {
  // Its heartbeats are a second apart.
  const leader = await venue.joined({ timeoutMs: 10_000, tickTimeMs: 4000 });
  const term = await leader.leads();
  await once(leader.election, "beat");
  let beats = 0;
  leader.election.on("beat", () => beats++);
  await venue.remove(leader.name);
  expect(await term.ended).toBe("deleted");
  expect(beats).toBe(0);
  await leader.leads();
});

test("S15 the connection is lost between winning and working: the term that it gets is over, and the next one works", async () => {
  const candidate = await venue.relayed();
  let cut = false;
  candidate.election.on("claimed", () => {
    if (!cut) candidate.connection.dropConnections();
    cut = true;
  });
  const ends: unknown[] = [];
  for await (const term of candidate.election.terms()) {
    if (ends.length === 1) break;
    // The work goes on until it is told to stop.
    ends.push(await term.ended);
    expect(term.signal.aborted).toBe(true);
    expect(term.valid).toBe(false);
  }
  expect(ends).toEqual(["suspended"]);
  expect(candidate.terms).toHaveLength(2);
  expect(candidate.count("created")).toBe(1);
});

test("S16 a stale leader acts with the token that it had when it won: it is refused", async () => {
  const resource = await venue.operator.create(`${venue.ensemble.root}/resource`, "", "persistent");
  const leader = await (await venue.relayed()).join();
  const next = await venue.joined();
  const stale = fence((await leader.leads()).token);
  await stale.write(leader.session, resource, "in time");
  // Messages from the server no longer reach it, but its own messages reach the server.
  leader.connection.pause("to-client");
  await venue.remove(leader.name);
  const { token } = await next.leads();
  await fence(token).write(next.session, resource, "successor");
  const late = stale.write(leader.session, resource, "too late");
  leader.connection.resume("to-client");
  await expect(late).rejects.toThrow(Fenced);
  // Its next contender has its own token; the old token stays what it was.
  await leader.waitsBehind(next);
  await expect(stale.write(leader.session, resource, "too late")).rejects.toThrow(Fenced);
  expect(await readFenced(venue.operator, resource)).toEqual({ token, data: "successor" });
});
