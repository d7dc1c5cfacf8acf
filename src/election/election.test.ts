import { once } from "node:events";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Ensemble } from "../ensemble/ensemble.ts";
import { startLocal } from "../ensemble/local.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { NoAuth, NoNode, Throttled } from "../zookeeper/errors.ts";
import type { NativeSession } from "../zookeeper/native-session.ts";
import { openSession } from "../zookeeper/open-session.ts";
import type { Session } from "../zookeeper/session.ts";
import { CampaignEnded } from "./connection.ts";
import { contendersOf } from "./contenders.ts";
import { Election } from "./election.ts";
import type { ElectionState } from "./election-events.ts";
import type { ElectionOptions } from "./election-options.ts";
import { type Runtime, realRuntime } from "./runtime.ts";
import type { Scheme } from "./scheme.ts";
import { schemes } from "./schemes.ts";

let scratch: Scratch;
let ensemble: Ensemble;
let path: string;
let elections = 0;

/** No step takes this long on any machine: a longer wait is endless. */
const PATIENCE_MS = 60_000;

beforeAll(async () => {
  scratch = await Scratch.create();
  ensemble = await startLocal(scratch, { tickTimeMs: 200, fsync: false, runId: "election-test" });
});

afterAll(async () => {
  await ensemble.close();
  await scratch[Symbol.asyncDispose]();
});

beforeEach(() => {
  path = `${ensemble.root}/deep/election-${++elections}`;
});

/** The timeout is long enough that no session expires on a machine that is busy otherwise. */
function open(timeoutMs = 20_000): Promise<NativeSession> {
  return openSession({ connect: ensemble.connect, timeoutMs });
}

/** A candidate of this test: its session, its election, and every phase that it went through. */
interface Candidate {
  readonly session: Session;
  readonly election: Election;
  readonly phases: string[];
}

function candidateOn(session: Session, scheme: Scheme = schemes.predecessor): Candidate {
  const election = new Election(session, { path, scheme });
  const phases: string[] = [];
  for (const phase of ["created", "notified", "armed", "claimed", "removed"] as const) {
    election.on(phase, () => phases.push(phase));
  }
  election.on("reading", (cause) => phases.push(`reading: ${cause}`));
  election.on("ended", (_term, reason) => phases.push(`ended: ${reason}`));
  return { session, election, phases };
}

/** Joins, and waits until the candidate leads or waits. */
async function join(candidate: Candidate): Promise<Candidate> {
  candidate.election.campaign().catch(() => undefined);
  await until(candidate, ({ state }) => state === "leading" || state === "waiting");
  return candidate;
}

async function joined(scheme?: Scheme): Promise<Candidate> {
  return join(candidateOn(await open(), scheme));
}

async function until({ election }: Candidate, reached: (state: ElectionState) => boolean): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  while (!reached(election.state)) await once(election, "state", { signal });
}

const leads = (candidate: Candidate) => until(candidate, ({ state }) => state === "leading");

function ownName({ election: { state } }: Candidate): string {
  if (state.state === "leading") return state.term.contender.name;
  if (state.state === "waiting") return state.contender.name;
  throw new Error(`${state.state} has no contender to name`);
}

function watches({ election: { state } }: Candidate): string | undefined {
  if (state.state !== "waiting") return undefined;
  return state.watching === "children" ? "children" : state.watching.name;
}

/** All requests sent before have been answered, and all messages on their way have arrived. */
async function quiet(...candidates: Candidate[]): Promise<void> {
  for (const { session } of candidates) await session.sync(path);
}

async function contenders(): Promise<string[]> {
  return contendersOf((await ensemble.session.children(path)) ?? []).map(({ name }) => name);
}

async function close(...candidates: Candidate[]): Promise<void> {
  for (const { session } of candidates) await session.close();
}

describe("joining", () => {
  test("creates the election's znode and its parents, and the first one leads", async () => {
    const only = await joined();
    expect(only.election.state.state).toBe("leading");
    expect(only.phases).toEqual(["reading: joined", "created", "claimed"]);
    await close(only);
  });

  test("campaign settles with the term: its token is the czxid of the contender", async () => {
    const candidate = candidateOn(await open());
    const term = await candidate.election.campaign();
    const stat = await ensemble.session.exists(`${path}/${term.contender.name}`);
    expect(term.token).toBe(stat?.czxid);
    await close(candidate);
  });

  test("ignores children without a number", async () => {
    await ensemble.session.create(`${ensemble.root}/deep`, "", "persistent").catch(() => undefined);
    await ensemble.session.create(path, "", "persistent");
    for (const name of ["config", "lock-000000000", "v2"])
      await ensemble.session.create(`${path}/${name}`, "", "persistent");
    const candidate = await joined();
    expect(candidate.election.state.state).toBe("leading");
    await close(candidate);
  });

  test("a second campaign of the same candidate is refused", async () => {
    const candidate = await joined();
    await expect(candidate.election.campaign()).rejects.toThrow(CampaignEnded);
    await close(candidate);
  });

  test("an error that no retry mends rejects the campaign, and leaves no znode", async () => {
    const session = await open();
    vi.spyOn(session, "create").mockRejectedValue(new NoAuth(-102, "not permitted by the ACL"));
    const candidate = candidateOn(session);
    await expect(candidate.election.campaign()).rejects.toThrow(NoAuth);
    expect(candidate.election.state.state).toBe("over");
    expect(await contenders()).toEqual([]);
    await close(candidate);
  });
});

describe("succession under predecessor", () => {
  test("each one watches the contender just before it", async () => {
    const [a, b, c] = [await joined(), await joined(), await joined()];
    expect([watches(a), watches(b), watches(c)]).toEqual([undefined, ownName(a), ownName(b)]);
    await close(a, b, c);
  });

  test("the leader resigns: the next one leads, and nobody else is woken", async () => {
    const [a, b, c] = [await joined(), await joined(), await joined()];
    await a.election.resign();
    await leads(b);
    await quiet(a, b, c);
    expect(a.phases.slice(-2)).toEqual(["ended: resigned", "removed"]);
    expect(b.phases.slice(-3)).toEqual(["notified", "reading: notified", "claimed"]);
    expect(c.phases).not.toContain("notified");
    await close(a, b, c);
  });

  test("the leader's session closes: the next one leads", async () => {
    const [a, b] = [await joined(), await joined()];
    await a.session.close();
    await leads(b);
    expect(a.phases.at(-1)).toBe("ended: closed");
    await close(b);
  });

  test("a candidate that resigned may join again, behind all others and with a higher token", async () => {
    const [a, b] = [await joined(), await joined()];
    const first = a.election.state;
    await a.election.resign();
    await leads(b);
    await join(a);
    expect(watches(a)).toBe(ownName(b));
    await b.election.resign();
    await leads(a);
    const again = a.election.state;
    if (first.state !== "leading" || again.state !== "leading") throw new Error("both times it led");
    expect(again.term.token).toBeGreaterThan(first.term.token);
    await close(a, b);
  });
});

describe("succession under the herd schemes", () => {
  test("leader: everybody watches the leader, and everybody is woken", async () => {
    const all = [await joined(schemes.leader), await joined(schemes.leader), await joined(schemes.leader)];
    const [a, b, c] = all as [Candidate, Candidate, Candidate];
    expect([watches(b), watches(c)]).toEqual([ownName(a), ownName(a)]);
    await a.election.resign();
    await leads(b);
    await until(c, () => watches(c) === ownName(b));
    expect([b, c].map(({ phases }) => phases.filter((phase) => phase === "notified").length)).toEqual([1, 1]);
    await close(...all);
  });

  test("children: every join wakes those who wait, and the death of any", async () => {
    const [a, b] = [await joined(schemes.children), await joined(schemes.children)];
    expect(watches(b)).toBe("children");
    const c = await joined(schemes.children);
    await quiet(a, b, c);
    await until(b, ({ state }) => state === "waiting");
    expect(b.phases.filter((phase) => phase === "notified")).toHaveLength(1);
    await a.session.close();
    await leads(b);
    await close(b, c);
  });
});

describe("trouble", () => {
  test("a resignation ends the term, then sends the delete in the same turn, before anything else: the next leader waits for it", async () => {
    const session = await open();
    const order: string[] = [];
    const runtime: Runtime = {
      ...realRuntime,
      after(ms, callback) {
        order.push("timer");
        const cancel = realRuntime.after(ms, callback);
        return () => {
          order.push("timer cancelled");
          cancel();
        };
      },
    };
    const remove = session.remove.bind(session);
    vi.spyOn(session, "remove").mockImplementation((...args) => {
      order.push("delete");
      return remove(...args);
    });
    const election = new Election(session, { path, runtime });
    const term = await election.campaign();
    election.on("ended", () => order.push(term.valid ? "still valid" : "ended"));
    order.length = 0;
    const resigned = election.resign();
    expect(order).toEqual(["ended", "delete", "timer"]);
    await resigned;
    expect(order).toContain("timer cancelled");
    await session.close();
  });

  test("a contender that an operator deleted is replaced, behind all others", async () => {
    const [a, b, c] = [await joined(), await joined(), await joined()];
    const gone = ownName(c);
    await ensemble.session.remove(`${path}/${gone}`);
    // It learns this when it looks the next time: when its predecessor goes.
    await b.session.close();
    await until(c, () => watches(c) === ownName(a));
    expect(ownName(c)).not.toBe(gone);
    expect(c.phases).not.toContain("claimed");
    await close(a, c);
  });

  test("a leader that stood still says that its lease ran out, even if it first hears that its contender is gone", async () => {
    const session = await open();
    let stoodStillMs = 0;
    const runtime: Runtime = { ...realRuntime, now: () => realRuntime.now() + stoodStillMs };
    const election = new Election(session, { path, runtime });
    const term = await election.campaign();
    stoodStillMs = 60_000;
    await ensemble.session.remove(`${path}/${term.contender.name}`);
    expect(await term.ended).toBe("lapsed");
    await session.close();
  });

  test("after a resignation no listener and no znode is left", async () => {
    const candidate = await joined();
    const before = candidate.session.listenerCount("state");
    await candidate.election.resign();
    expect(candidate.session.listenerCount("state")).toBe(before - 1);
    expect(await contenders()).toEqual([]);
    await close(candidate);
  });
});

describe("a server that throttles", () => {
  const tooMuch = () => new Throttled(-127, "too much to do");

  /** @param call answered with "throttled, try again" until the fourth failure in a row is told */
  async function throttled(
    call: "children" | "exists" | "get" | "set" | "remove" | "setAcl",
    options: Partial<ElectionOptions> = {},
  ) {
    const session = await open();
    const throttling = vi.spyOn(session, call).mockRejectedValue(tooMuch());
    const { candidate, troubles } = candidateWith(session, options);
    candidate.election.on("trouble", (_, attempt) => attempt === 4 && throttling.mockRestore());
    return { candidate, troubles };
  }

  function candidateWith(session: Session, options: Partial<ElectionOptions> = {}) {
    const election = new Election(session, { path, ...options });
    const troubles: number[] = [];
    election.on("trouble", (error, attempt) => {
      expect(error).toBeInstanceOf(Throttled);
      troubles.push(attempt);
    });
    return { candidate: { session, election, phases: [] } satisfies Candidate, troubles };
  }

  const acl = [{ permissions: 31, scheme: "world", id: "anyone" }];

  test.each([
    { call: "children", step: "a look", options: {} },
    { call: "exists", step: "the look at the own znode", options: {} },
    { call: "get", step: "the watch on the own znode", options: {} },
    { call: "setAcl", step: "the entry", options: { acl } },
    { call: "set", step: "the announcement", options: { scheme: schemes.heir } },
  ] as const)("$step is tried again, and told as trouble ($call)", async ({ call, options }) => {
    const { candidate, troubles } = await throttled(call, options);
    candidate.election.campaign().catch(() => undefined);
    const signal = AbortSignal.timeout(PATIENCE_MS);
    while (troubles.length < 2) await once(candidate.election, "trouble", { signal });
    await leads(candidate);
    expect(troubles).toEqual([3, 4]);
    expect(await contenders()).toEqual([ownName(candidate)]);
    if (call === "set")
      await expect.poll(async () => (await candidate.election.leader())?.announced).toBe(true);
    await close(candidate);
  });

  test("a create that was throttled is sent again, without a look for what it cannot have made", async () => {
    const session = await open();
    const create = session.create.bind(session);
    let failures = 0;
    vi.spyOn(session, "create").mockImplementation(async (znode, data, mode) => {
      if (mode === "ephemeral-sequential" && failures++ === 0) throw tooMuch();
      return create(znode, data, mode);
    });
    const { candidate } = candidateWith(session);
    await candidate.election.campaign();
    expect(await contenders()).toEqual([ownName(candidate)]);
    await close(candidate);
  });

  test("a heartbeat that is throttled does not end the candidacy, and is told", async () => {
    const session = await open(4000);
    vi.spyOn(session, "sync").mockImplementation(() => Promise.reject(tooMuch()));
    const { candidate, troubles } = candidateWith(session, { tickTimeMs: 200 });
    const term = await candidate.election.campaign();
    expect(await term.ended).toBe("lapsed");
    expect(troubles[0]).toBe(3);
    expect(candidate.election.state.state).not.toBe("over");
    await close(candidate);
  });

  test("a removal is tried again", async () => {
    const { candidate, troubles } = await throttled("remove");
    await candidate.election.campaign();
    await candidate.election.resign({ timeoutMs: PATIENCE_MS });
    expect(await contenders()).toEqual([]);
    expect(troubles).toEqual([3, 4]);
    await close(candidate);
  });

  test("an observer looks again, and is told", async () => {
    const leader = await joined();
    const { candidate, troubles } = await throttled("children");
    for await (const standing of candidate.election.observe()) {
      expect(standing?.name).toBe(ownName(leader));
      break;
    }
    expect(troubles).toEqual([3, 4]);
    await close(leader, candidate);
  });

  test("resigning in the middle of many tries does not wait for the next one", async () => {
    const session = await open();
    vi.spyOn(session, "create").mockImplementation(() => Promise.reject(tooMuch()));
    const { candidate, troubles } = candidateWith(session);
    candidate.election.campaign().catch(() => undefined);
    const signal = AbortSignal.timeout(PATIENCE_MS);
    while ((troubles.at(-1) ?? 0) < 7) await once(candidate.election, "trouble", { signal });
    await candidate.election.resign();
    // The next try would come after 3.2 s, and after 2 s the session would be closed.
    expect(candidate.election.state.state).toBe("idle");
    expect(session.state).toBe("connected");
    await close(candidate);
  });
});

test("parents that somebody keeps removing are made neither in a tight loop nor silently", async () => {
  const session = await open();
  const create = session.create.bind(session);
  let creates = 0;
  vi.spyOn(session, "create").mockImplementation(async (znode, data, mode) => {
    if (mode !== "ephemeral-sequential") return create(znode, data, mode);
    creates++;
    throw new NoNode(-101, "no such znode");
  });
  const election = new Election(session, { path });
  election.campaign().catch(() => undefined);
  await once(election, "trouble", { signal: AbortSignal.timeout(PATIENCE_MS) });
  const before = creates;
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(creates - before).toBeLessThanOrEqual(4);
  await election.resign();
  await session.close();
});
