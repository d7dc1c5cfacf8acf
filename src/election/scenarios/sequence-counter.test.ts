/** The end of ZooKeeper's sequence counter, on a server whose counters are close to it. */
import { join } from "node:path";
import getPort from "get-port";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { findDistribution } from "../../ensemble/distribution.ts";

import { Scratch } from "../../ensemble/scratch.ts";
import { startServer } from "../../ensemble/server.ts";
import { Referee } from "../../testing/referee.ts";
import { TestCandidate } from "../../testing/test-candidate.ts";
import { TRUSTING, writeCounters } from "../../testing/transaction-log.ts";
import { hostAndPort } from "../../zookeeper/connect-string.ts";
import type { NativeSession } from "../../zookeeper/native-session.ts";
import { openSession } from "../../zookeeper/open-session.ts";
import { SequenceExhausted } from "../contenders.ts";
import { type SchemeName, schemeNames, schemes } from "../schemes.ts";

const END = 2_147_483_647;
/** The greatest number with which a contender stands. */
const LAST = 2_146_483_647;

let scratch: Scratch;
let connect: string;
const sessions: NativeSession[] = [];

beforeAll(async () => {
  scratch = await Scratch.create();
  const [distribution, port] = [await findDistribution(), await getPort({ host: "127.0.0.1" })];
  const dataFolder = join(scratch.folder, "data");
  const counters = Object.fromEntries(schemeNames.map((name) => [`end-${name}`, END - 1]));
  await writeCounters(dataFolder, { ...counters, last: LAST - 1, lost: LAST + 1 });
  const options = { distribution, port, tickTimeMs: 200, fsync: false, dataFolder, settings: TRUSTING };
  connect = hostAndPort((await startServer(scratch, options)).address);
});

afterEach(async () => {
  for (const session of sessions.splice(0)) await session.close();
});

afterAll(() => scratch[Symbol.asyncDispose]());

async function open(): Promise<NativeSession> {
  const session = await openSession({ connect, timeoutMs: 4000 });
  sessions.push(session);
  return session;
}

async function candidate(path: string, referee: Referee, name: SchemeName = "predecessor") {
  return new TestCandidate(await open(), { path, tickTimeMs: 200, scheme: schemes[name] }, referee);
}

test.each(schemeNames)(
  "S44 at the end, where numbers are equal, nobody joins, and no two lead (%s)",
  async (scheme) => {
    const referee = new Referee();
    const path = `/end-${scheme}`;
    for (let one = 0; one < 6; one++) {
      const { election } = await candidate(path, referee, scheme);
      await expect(election.campaign()).rejects.toThrow(SequenceExhausted);
      expect(election.state).toMatchObject({
        state: "over",
        error: { sequence: Math.min(END - 1 + one, END) },
      });
    }
    expect(referee.faults).toEqual([]);
    expect(await (await open()).children(path)).toEqual(["x"]);
  },
);

test("the last safe numbers still work, and the next one is refused with what to do", async () => {
  const referee = new Referee();
  const [leader, next, late] = [
    await candidate("/last", referee),
    await candidate("/last", referee),
    await candidate("/last", referee),
  ] as const;
  await leader.join();
  await next.join();
  const refused = late.election.campaign();
  await expect(refused).rejects.toThrow(SequenceExhausted);
  await expect(refused).rejects.toThrow(`/last: a new contender has the number ${LAST + 1}`);
  await expect(refused).rejects.toThrow("use a fresh path, or remove this znode");
  expect(leader.state.state).toBe("leading");
  await leader.election.resign();
  expect((await next.leads()).contender.sequence).toBe(LAST);
  // Former members may not come back, either.
  await expect(leader.election.campaign()).rejects.toThrow(SequenceExhausted);
  expect(next.state.state).toBe("leading");
  expect(referee.faults).toEqual([]);
});

test("numbers begin at 0 if the znode is removed while nobody stands", async () => {
  const session = await open();
  const name = await session.create("/last/c-", "", "ephemeral-sequential");
  expect(name).toBe(`/last/c-${LAST + 3}`);
  await session.remove(name);
  await session.remove("/last/x");
  await session.remove("/last");
  const { contender } = await (await candidate("/last", new Referee())).election.campaign();
  expect(contender.sequence).toBe(0);
});
