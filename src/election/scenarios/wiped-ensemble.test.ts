/** An ensemble that has lost all of its data: it refuses every session that has seen more than it has. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import getPort from "get-port";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findDistribution } from "../../ensemble/distribution.ts";
import { Scratch } from "../../ensemble/scratch.ts";
import { startServer } from "../../ensemble/server.ts";
import { Referee } from "../../testing/referee.ts";
import { TestCandidate } from "../../testing/test-candidate.ts";
import { openSession } from "../../zookeeper/open-session.ts";
import { CampaignEnded } from "../connection.ts";
import { observe } from "../observer.ts";

const TICK_MS = 200;
const T = 1000;

let scratch: Scratch;

beforeEach(async () => {
  scratch = await Scratch.create();
});

afterEach(() => scratch[Symbol.asyncDispose]());

test("S63 all data is lost: it leads again with another session, and an observer on the old one is told", async () => {
  const dataFolder = join(scratch.folder, "data");
  const options = {
    distribution: await findDistribution(),
    port: await getPort({ host: "127.0.0.1" }),
    tickTimeMs: TICK_MS,
    fsync: false,
    dataFolder,
  };
  const server = await startServer(scratch, options);
  const connect = `127.0.0.1:${options.port}`;
  const session = await openSession({ connect, timeoutMs: T });
  const path = "/wiped/election";
  const candidate = new TestCandidate(session, { path, tickTimeMs: TICK_MS, rejoin: true }, new Referee());
  await candidate.join();
  await candidate.beats();
  const observer = observe(session, path);
  expect((await observer.next()).value).toMatchObject({ name: candidate.name });
  const observed = observer.next();
  observed.catch(() => undefined);

  process.kill(server.pid, "SIGKILL");
  await server.exited;
  await rm(dataFolder, { recursive: true });
  await startServer(scratch, options);

  await candidate.until("suspended");
  await candidate.reaches("rejoined", () => candidate.phases.includes("rejoined"));
  const term = await candidate.leads();
  expect(term.valid).toBe(true);
  expect(candidate.names).toHaveLength(2);
  await expect(observed).rejects.toThrow(CampaignEnded);
  await candidate.election[Symbol.asyncDispose]();
  await session.close();
});
