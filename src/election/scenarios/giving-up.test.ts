/**
 * A candidate that resigns, gives up or closes, at any moment, leaves no contender behind and holds up nobody.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { TestCandidate } from "../../testing/test-candidate.ts";
import { Venue } from "../../testing/venue.ts";
import { CampaignEnded } from "../connection.ts";

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("giving-up");
});

afterEach(() => venue.clear());
afterAll(() => venue[Symbol.asyncDispose]());

const ways = {
  resigns: async ({ election }: TestCandidate) => {
    await election.resign();
  },
  "gives up by its signal": async (_: TestCandidate, giveUp: AbortController) => {
    giveUp.abort(new Error("had enough"));
  },
  "closes its session": async (candidate: TestCandidate) => {
    await venue.end(candidate);
  },
} as const;

/**
 * Each brings a candidate that has been told to campaign to a moment, and returns a function that lets it go
 * on.
 */
const moments = {
  "at once": async () => () => undefined,
  "when its create is on its way": async ({ connection }: TestCandidate) => {
    const held = connection.holdAt("to-server", "create");
    await held.reached;
    return () => held.release();
  },
  "when its create is carried out and the answer is on its way": async ({ connection }: TestCandidate) => {
    const held = connection.holdAt("to-client", "create");
    await held.reached;
    return () => held.release();
  },
  "when the answer to its create is lost": async ({ connection, session }: TestCandidate) => {
    const held = connection.holdAt("to-server", "connect");
    await connection.dropAt("to-client", "create");
    await vi.waitFor(() => expect(session.state).toBe("suspended"));
    return () => held.release();
  },
  "when it looks": async ({ connection }: TestCandidate) => {
    const held = connection.holdAt("to-client", "children");
    await held.reached;
    return () => held.release();
  },
  "when it waits": async (candidate: TestCandidate) => {
    await candidate.until("waiting");
    return () => undefined;
  },
  "when it waits and is cut off": async (candidate: TestCandidate) => {
    await candidate.until("waiting");
    const held = candidate.connection.holdAt("to-server", "connect");
    await candidate.reset();
    await candidate.until("suspended");
    return () => held.release();
  },
} as const;

describe.each(Object.keys(ways) as (keyof typeof ways)[])("a candidate %s", (way) => {
  test.each(Object.keys(moments) as (keyof typeof moments)[])("%s", async (moment) => {
    const leader = await venue.joined();
    const candidate = await venue.relayed();
    const giveUp = new AbortController();
    const reached = moments[moment](candidate);
    const campaign = candidate.election.campaign({ signal: giveUp.signal });
    const ended = campaign.catch((error: Error) => error);
    const letGoOn = await reached;
    const gone = ways[way](candidate, giveUp);
    if (way !== "closes its session") letGoOn();
    await gone;
    expect(await ended).toBeInstanceOf(way === "gives up by its signal" ? Error : CampaignEnded);
    await vi.waitFor(async () => expect(await venue.contenders()).toEqual([leader.name]));
    // Candidates that come later do not wait for it.
    const later = await venue.joined();
    expect(later.watches).toBe(leader.name);
    await vi.waitFor(() => expect(["idle", "over"]).toContain(candidate.state.state));
    expect(candidate.terms).toEqual([]);
  });
});

describe("a leader", () => {
  test.each(["strict", "session"] as const)(
    "resigns while it is cut off (%s): it is out as soon as it is back",
    async (suspendedPolicy) => {
      const leader = await (await venue.relayed({ suspendedPolicy })).join();
      const next = await venue.joined();
      const term = await leader.leads();
      const held = leader.connection.holdAt("to-server", "connect");
      await leader.reset();
      await vi.waitFor(() => expect(leader.session.state).toBe("suspended"));
      const resigned = leader.election.resign();
      expect(term.valid).toBe(false);
      held.release();
      await resigned;
      await next.leads();
      expect(await venue.contenders()).toEqual([next.name]);
    },
  );

  test("resigns while it is cut off, and its session ends meanwhile: the resignation is done", async () => {
    const leader = await (await venue.relayed({ timeoutMs: 1000 })).join();
    const next = await venue.joined();
    leader.connection.cut();
    const resigned = leader.election.resign();
    await next.leads();
    leader.connection.heal();
    await resigned;
    expect(leader.count("ended")).toBe(1);
    expect(await venue.contenders()).toEqual([next.name]);
  });

  test("the loop over its terms is left: it resigns, and the session lives on", async () => {
    const leader = await venue.candidate();
    for await (const term of leader.election.terms()) {
      expect(term.valid).toBe(true);
      break;
    }
    expect(leader.state.state).toBe("idle");
    expect(leader.session.state).toBe("connected");
    expect(await venue.contenders()).toEqual([]);
  });

  test("is told to stop by the signal of its loop: it resigns, and the loop throws the reason", async () => {
    const leader = await venue.candidate();
    const stop = new AbortController();
    const reason = new Error("shutting down");
    const working = (async () => {
      for await (const term of leader.election.terms({ signal: stop.signal })) await term.ended;
    })();
    await leader.until("leading");
    stop.abort(reason);
    await expect(working).rejects.toThrow(reason);
    expect(leader.phases.slice(-2)).toEqual(["ended: resigned", "removed"]);
    expect(await venue.contenders()).toEqual([]);
  });
});

test("a signal that is already aborted: nothing is sent", async () => {
  const candidate = await venue.candidate();
  const signal = AbortSignal.abort(new Error("too late"));
  await expect(candidate.election.campaign({ signal })).rejects.toThrow("too late");
  expect(candidate.phases).toEqual([]);
  expect(candidate.state.state).toBe("idle");
});
