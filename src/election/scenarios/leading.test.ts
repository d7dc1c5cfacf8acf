/** A service that leads: its job runs while it leads, and whatever happens, some candidate's job runs. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { TestCandidate } from "../../testing/test-candidate.ts";
import { Venue } from "../../testing/venue.ts";
import { ConnectionLoss } from "../../zookeeper/errors.ts";
import { Fenced, fence } from "../fence.ts";
import { JobOutOfStep } from "../lead.ts";
import { type Term, TermEnded } from "../term.ts";

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("leading");
});

afterEach(() => venue.clear());
afterAll(() => venue[Symbol.asyncDispose]());

/** Writes through the fence for as long as it may, like the service in the docs. */
function writer({ election }: TestCandidate, resource: string) {
  return async (term: Term) => {
    for (let done = 0; term.valid; done++) {
      await fence(term.token).write(election.session, resource, String(done));
      await delay(10, undefined, { signal: term.signal });
    }
  };
}

/** The candidate leads with a job until it is stopped. */
function led(candidate: TestCandidate, job: (term: Term) => unknown) {
  const stop = new AbortController();
  const failures: Error[] = [];
  candidate.election.on("failed", (error) => failures.push(error));
  const ended = candidate.election.lead(job, { signal: stop.signal });
  const leave = () => {
    stop.abort();
    return ended;
  };
  return { failures, leave, ended };
}

/** Settles when the resource has been written more often than writes were in flight. */
async function worksOn(resource: string): Promise<void> {
  const before = (await venue.operator.get(resource))?.stat.version ?? 0;
  await vi.waitFor(
    async () => {
      const after = (await venue.operator.get(resource))?.stat.version ?? 0;
      expect(after).toBeGreaterThan(before + 3);
    },
    { timeout: 10_000, interval: 20 },
  );
}

describe("S51 the service's job meets an outage", () => {
  test.each(["strict", "session"] as const)(
    "under the policy %s: some candidate works again",
    async (policy) => {
      const resource = `${venue.ensemble.root}/outage-${policy}`;
      const one = await venue.relayed({ suspendedPolicy: policy, rejoin: true });
      const two = await venue.candidate({ suspendedPolicy: policy, rejoin: true });
      const services = [led(one, writer(one, resource))];
      await one.until("leading");
      services.push(led(two, writer(two, resource)));
      await two.until("waiting");
      await worksOn(resource);
      // The answer to a write is lost with the connection.
      await one.connection.dropAt("to-client", "set");
      await worksOn(resource);
      if (policy === "session") expect(services[0]?.failures).toEqual([expect.any(ConnectionLoss)]);
      await Promise.all(services.map(({ leave }) => leave()));
      expect(await venue.contenders()).toEqual([]);
    },
  );
});

test("S52 the fence refuses a term that is valid: it stands down and says so, and the next one may try", async () => {
  const resource = `${venue.ensemble.root}/restored`;
  await venue.operator.create(resource, "9007199254740991\nfrom a backup", "persistent");
  const one = await venue.candidate();
  const two = await venue.candidate();
  const services = [one, two].map((candidate) => led(candidate, writer(candidate, resource)));
  await vi.waitFor(() => {
    for (const { failures } of services) expect(failures.at(-1)).toBeInstanceOf(Fenced);
  }, 10_000);
  await Promise.all(services.map(({ leave }) => leave()));
  expect(await venue.contenders()).toEqual([]);
});

test("S53 a job that fails once is started again, and none runs twice at a time", async () => {
  const candidate = await venue.candidate();
  const running = { now: 0, most: 0, starts: 0 };
  const { failures, leave } = led(candidate, async (term) => {
    running.starts++;
    running.most = Math.max(running.most, ++running.now);
    try {
      if (running.starts === 1) throw new Error("out of paper");
      await term.ended;
    } finally {
      running.now--;
    }
  });
  await vi.waitFor(() => expect(running.starts).toBe(2), 5000);
  expect(failures.map(({ message }) => message)).toEqual(["out of paper"]);
  await leave();
  expect(running).toEqual({ now: 0, most: 1, starts: 2 });
});

test("S53 a job that returns early gives the leadership to the next one", async () => {
  const one = await venue.candidate();
  const first = led(one, () => "done");
  await vi.waitFor(() => expect(first.failures[0]).toBeInstanceOf(JobOutOfStep), 5000);
  const two = await venue.candidate();
  const second = led(two, (term) => term.ended);
  await two.until("leading");
  await one.until("waiting");
  await Promise.all([first.leave(), second.leave()]);
});

test("S53 a job that does not end with its term holds up nobody", async () => {
  const one = await venue.relayed();
  let finish: () => void = () => undefined;
  const first = led(one, () => new Promise<void>((resolve) => (finish = resolve)));
  await one.until("leading");
  const two = await venue.candidate();
  const second = led(two, (term) => term.ended);
  await two.until("waiting");
  one.connection.dropConnections();
  await two.until("leading");
  await vi.waitFor(() => expect(first.failures[0]).toBeInstanceOf(JobOutOfStep), 5000);
  expect(one.state.state).toBe("idle");
  finish();
  await one.until("waiting");
  await Promise.all([first.leave(), second.leave()]);
});

test("a second call does not disturb a candidate that already leads", async () => {
  const one = await venue.candidate();
  const { leave } = led(one, (term) => term.ended);
  await one.until("leading");
  await expect(one.election.lead(() => undefined)).rejects.toThrow("this candidate already leads with a job");
  await expect(one.election.terms().next()).rejects.toThrow("this candidate already leads with a job");
  expect(one.election.isLeader).toBe(true);
  await leave();
});

test("S54 stopped while it works: its job ends first, and only then may the next one lead", async () => {
  const order: string[] = [];
  const one = await venue.candidate();
  const first = led(one, async (term) => {
    await term.ended;
    await delay(300);
    order.push("the job has ended");
  });
  await one.until("leading");
  const two = await venue.candidate();
  two.election.on("claimed", () => order.push("the next one leads"));
  const second = led(two, (term) => term.ended);
  await two.until("waiting");
  const left = first.leave();
  expect([one.state.state, one.election.isLeader, one.election.term]).toEqual([
    "resigning",
    false,
    undefined,
  ]);
  await left;
  await two.until("leading");
  expect(order).toEqual(["the job has ended", "the next one leads"]);
  await second.leave();
});

test("a listener that closes the session as soon as it leads ends the candidacy", async () => {
  const one = await venue.candidate();
  one.election.on("claimed", () => void one.session.close());
  await expect(one.election.terms().next()).rejects.toThrow("the session is closed");
  expect(one.state.state).toBe("over");
});

describe("S55 stopped while ZooKeeper is away", () => {
  test.each(["leading", "waiting"] as const)(
    "%s: it ends within seconds, and its contender with its session",
    async (role) => {
      const other = role === "waiting" ? await venue.joined() : undefined;
      const candidate = await venue.relayed({ timeoutMs: 2000 });
      const { leave } = led(candidate, (term) => term.ended);
      await candidate.until(role);
      candidate.connection.cut();
      const startedAt = performance.now();
      await leave();
      expect(performance.now() - startedAt).toBeLessThan(5000);
      expect([candidate.election.isLeader, candidate.state.state]).toEqual([false, "over"]);
      await vi.waitFor(async () => expect(await venue.contenders()).toEqual(other ? [other.name] : []), 8000);
    },
  );

  test("a signal gives the session up at once", async () => {
    const candidate = await venue.relayed();
    candidate.election.campaign().catch(() => undefined);
    await candidate.until("leading");
    candidate.connection.dropConnections();
    candidate.connection.cut();
    await candidate.until("suspended");
    await candidate.election.resign({ signal: AbortSignal.abort(), timeoutMs: 60_000 });
    expect(candidate.session.state).toBe("closed");
  });
});

test("S56 work with a term's signal rejects with an error that says why", async () => {
  const server = createServer(() => undefined).listen(0, "127.0.0.1");
  await once(server, "listening");
  const candidate = await venue.candidate();
  const term = await candidate.election.campaign();
  const { port } = server.address() as AddressInfo;
  const refusal = fetch(`http://127.0.0.1:${port}/`, { signal: term.signal }).catch((error) => error);
  await candidate.election.resign();
  expect(await refusal).toBeInstanceOf(TermEnded);
  expect((await refusal).message).toBe(
    `the term with the token ${term.token} has ended: this candidate resigned`,
  );
  expect(() => term.signal.throwIfAborted()).toThrow(TermEnded);
  server.closeAllConnections();
  server.close();
});

describe("S67 stopped by a listener", () => {
  test("in the middle of a look: it neither leads nor waits, whatever comes after", async () => {
    const one = await venue.relayed();
    const starts: Term[] = [];
    const first = led(one, (term) => {
      starts.push(term);
      return term.ended;
    });
    await one.until("leading");
    const two = await venue.joined();
    one.election.on("state", ({ state }) => {
      if (state === "looking") void first.leave();
    });
    one.connection.dropConnections();
    await first.ended;
    await two.leads();
    expect([one.state.state, one.election.isLeader, starts.length]).toEqual(["idle", false, 1]);
    expect(await venue.contenders()).toEqual([two.name]);
    // It may stand again.
    one.election.removeAllListeners("state");
    await one.join();
    await one.waitsBehind(two);
  });

  test("by the signal of its term, when the lease runs out: it does not lead again", async () => {
    const one = await venue.relayed({ suspendedPolicy: "session", timeoutMs: 2000 });
    const stop = new AbortController();
    let starts = 0;
    const ended = one.election.lead(
      async (term) => {
        starts++;
        term.signal.addEventListener("abort", () => stop.abort());
        await term.ended;
      },
      { signal: stop.signal },
    );
    await one.until("leading");
    await one.beats();
    // Nothing is answered until the lease has run out, then everything is.
    one.connection.pause("to-client");
    await one.reaches("ended", () => one.phases.includes("ended: lapsed"));
    one.connection.resume("to-client");
    await ended;
    expect([starts, one.count("claimed"), one.election.isLeader]).toEqual([1, 1, false]);
  });

  test("as it claims: the term that it was given is never won", async () => {
    const one = await venue.candidate();
    one.election.on("claimed", () => void one.election.resign());
    await expect(one.election.campaign()).rejects.toThrow("the candidate resigned");
    await one.until("idle");
  });
});

describe("S68 everything that is told to end ends", () => {
  test("resigned while the work of an ended term is still ending: the loop over terms ends", async () => {
    const one = await venue.relayed();
    const loop = (async () => {
      for await (const term of one.election.terms()) {
        await term.ended;
        await one.until("leading");
        await one.election.resign();
      }
    })();
    await one.until("leading");
    one.connection.dropConnections();
    await loop;
    expect(one.state.state).toBe("idle");
  });

  test("stopped while a job goes on that outlived its term: lead() returns", async () => {
    const one = await venue.candidate();
    const { failures, leave } = led(one, () => new Promise(() => undefined));
    await one.until("leading");
    await venue.remove(one.name);
    await vi.waitFor(() => expect(failures).toHaveLength(1), 5000);
    await leave();
    expect(one.state.state).toBe("idle");
  });

  test("resign() and dispose stop a job, in the pause after a failure as well", async () => {
    const one = await venue.candidate();
    const { failures, ended } = led(one, () => Promise.reject(new Error("out of paper")));
    await vi.waitFor(() => expect(failures.length).toBeGreaterThan(1), 5000);
    await one.election[Symbol.asyncDispose]();
    await ended;
    expect(one.state.state).toBe("idle");
  });

  test("the promise that it stays for never settles: it gives the session up in time", async () => {
    const one = await venue.joined();
    await one.election.resign({ after: new Promise(() => undefined), timeoutMs: 200 });
    expect(one.session.state).toBe("closed");
    expect(await venue.contenders()).toEqual([]);
  });

  test.each([Number.NaN, -1, Number.POSITIVE_INFINITY])("a time of %s is refused", async (timeoutMs) => {
    const one = await venue.joined();
    await expect(one.election.resign({ timeoutMs })).rejects.toThrow(RangeError);
    expect(one.election.isLeader).toBe(true);
  });

  test("gives nothing up if there is nothing to give up", async () => {
    const one = await venue.candidate();
    await one.election.resign({ signal: AbortSignal.abort() });
    expect(one.session.state).toBe("connected");
  });
});
