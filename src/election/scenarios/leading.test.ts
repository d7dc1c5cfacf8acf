/** A service that leads: its job runs while it leads, and whatever happens, some candidate's job does. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { Candidate } from "../../testing/candidate.ts";
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

/** Writes through the fence for as long as it may, as the service of the docs does. */
function writer({ election }: Candidate, resource: string) {
  return async (term: Term) => {
    for (let done = 0; term.valid; done++) {
      await fence(term.token).write(election.session, resource, String(done));
      await delay(10, undefined, { signal: term.signal });
    }
  };
}

/** The candidate leads by a job until it is stopped. */
function led(candidate: Candidate, job: (term: Term) => unknown) {
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

/** When it has been written again, more often than what was under way. */
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

test("a candidate that leads already is not disturbed by a second call", async () => {
  const one = await venue.candidate();
  const { leave } = led(one, (term) => term.ended);
  await one.until("leading");
  await expect(one.election.lead(() => undefined)).rejects.toThrow("this candidate is leading already");
  await expect(one.election.terms().next()).rejects.toThrow("this candidate is leading already");
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

test("S56 what hangs on a term's signal is rejected with an error that says why", async () => {
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
