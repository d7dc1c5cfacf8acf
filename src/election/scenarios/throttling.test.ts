/** An overloaded server that drops requests: "throttled, try again" (`RequestThrottler`). */
import getPort from "get-port";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { findDistribution } from "../../ensemble/distribution.ts";
import { monitor } from "../../ensemble/four-letter-word.ts";
import { Scratch } from "../../ensemble/scratch.ts";
import { startServer } from "../../ensemble/server.ts";
import { Referee } from "../../testing/referee.ts";
import { TestCandidate } from "../../testing/test-candidate.ts";
import { type Address, hostAndPort } from "../../zookeeper/connect-string.ts";
import { Throttled } from "../../zookeeper/errors.ts";
import type { NativeSession } from "../../zookeeper/native-session.ts";
import { openSession } from "../../zookeeper/open-session.ts";
import { schemeNames, schemes } from "../schemes.ts";

/** The server drops every request that waits longer than a millisecond for the one in progress. */
const settings = {
  request_throttle_max_requests: 1,
  request_throttle_stall_time: 5,
  throttled_op_wait_time: 1,
};

let scratch: Scratch;
let address: Address;
const sessions: NativeSession[] = [];

beforeAll(async () => {
  scratch = await Scratch.create();
  const [distribution, port] = [await findDistribution(), await getPort({ host: "127.0.0.1" })];
  const options = { distribution, port, tickTimeMs: 200, fsync: false, settings };
  ({ address } = await startServer(scratch, options));
});

afterEach(async () => {
  for (const session of sessions.splice(0)) await session.close();
});

afterAll(() => scratch[Symbol.asyncDispose]());

async function open(): Promise<NativeSession> {
  const session = await openSession({ connect: hostAndPort(address), timeoutMs: 4000 });
  sessions.push(session);
  return session;
}

async function droppedRequests(): Promise<number> {
  return (await monitor(address))?.get("throttled_ops") ?? Number.NaN;
}

/** Keeps the server busy with other requests, and counts those that were dropped. */
class Noise {
  dropped = 0;
  readonly #all: Promise<unknown>;
  #state: "loud" | "quiet" = "loud";

  constructor(session: NativeSession) {
    this.#all = Promise.all(Array.from({ length: 4 }, () => this.#ask(session)));
  }

  async stop(): Promise<void> {
    this.#state = "quiet";
    await this.#all;
  }

  async #ask(session: NativeSession): Promise<void> {
    while (this.#state === "loud") {
      await session.exists("/").catch((error) => {
        if (!(error instanceof Throttled)) throw error;
        this.dropped++;
      });
    }
  }
}

/**
 * The number of the elections' requests to be dropped: more than those of the noise whose answer is on its way.
 */
const ENOUGH = 10;

test.each(schemeNames)(
  "S49 the server drops what it cannot bear: nobody's candidacy ends, one leads, and leadership passes on (%s)",
  async (name) => {
    const referee = new Referee();
    const before = await droppedRequests();
    const noise = new Noise(await open());
    const dropped = async () => (await droppedRequests()) - before - noise.dropped;
    const scene: TestCandidate[] = [];
    for (let one = 0; one < 4; one++) {
      const options = { path: `/throttled-${name}`, tickTimeMs: 200, scheme: schemes[name] };
      scene.push(await new TestCandidate(await open(), options, referee).join());
    }
    while ((await dropped()) < ENOUGH) {
      const [leader, next] = scene as [TestCandidate, TestCandidate];
      await leader.leads();
      await leader.election.resign({ timeoutMs: 60_000 });
      await next.leads();
      scene.push(...scene.splice(0, 1));
      await leader.join();
    }
    await noise.stop();
    expect(await dropped()).toBeGreaterThan(0);
    for (const candidate of scene) await candidate.until("leading", "waiting", "heir");
    expect(referee.faults).toEqual([]);
    expect(scene.map(({ sessions }) => sessions.length)).toEqual([1, 1, 1, 1]);
  },
);
