/** Faults of candidates that are processes, and faults of any candidates under processes. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { schemeNames } from "../election/schemes.ts";
import { windowsOf } from "../history/window.ts";
import { OldLeaders } from "../metrics/old-leader.ts";
import { FaultTrials } from "../testing/fault-trials.ts";
import { close } from "./close.ts";
import { crashes } from "./crashes.ts";
import { deploy } from "./deploy.ts";
import { expire } from "./expire.ts";
import type { Fault } from "./fault.ts";
import { faults } from "./faults.ts";
import { kill } from "./kill.ts";
import { killGroup } from "./kill-group.ts";
import { withWill } from "./outcome.ts";
import { pause } from "./pause.ts";
import { resign } from "./resign.ts";

let trials: FaultTrials;

const FOUR = { candidates: 4, sessionTimeoutMs: 2000, host: "process" } as const;

beforeAll(async () => {
  trials = await FaultTrials.open({ tickTimeMs: 50, runId: "processes-test" });
});

afterAll(() => trials[Symbol.asyncDispose]());

/** The time from each strike until the next one leads, in milliseconds. */
function failoversMs(history: Awaited<ReturnType<FaultTrials["run"]>>): number[] {
  return [...windowsOf(history)].map(({ strike, claim }) =>
    claim === null ? Number.NaN : (claim.at - strike.startedAt) / 1e6,
  );
}

const underEach = (fault: Fault) => schemeNames.map((scheme) => ({ fault, scheme }));

test("under each scheme a leader that resigns is succeeded at once, and what is seen from outside is the scheme's herd", async () => {
  for (const history of await trials.runAll(underEach(resign), { ...FOUR, failovers: 3 })) {
    const { scheme } = history.header;
    for (const ms of failoversMs(history)) expect(ms, scheme).toBeLessThan(FOUR.sessionTimeoutMs / 2);
    const servers = history.events.flatMap((event) => (event.type === "connected" ? event.server : []));
    expect(new Set(servers), scheme).toEqual(new Set(["1"]));
    for (const [index, window] of [...windowsOf(history)].entries()) {
      const lists = window.events.filter(({ type }) => type === "reading").length;
      expect(history.observations?.servers[index], scheme).toMatchObject({
        lists,
        responseBytes: expect.any(Number),
      });
    }
  }
});

test("under each scheme a leader whose process is killed is succeeded when its session has expired", async () => {
  for (const history of await trials.runAll(underEach(kill), { ...FOUR, failovers: 2 })) {
    const { scheme } = history.header;
    for (const ms of failoversMs(history)) expect(ms, scheme).toBeGreaterThan(FOUR.sessionTimeoutMs / 2);
    const died = history.events.filter((event) => event.type === "ended" && event.reason === "died");
    expect(died, scheme).toHaveLength(2);
  }
});

test.each([kill, killGroup])("with a will, $name is as quick as a resignation", async (fault) => {
  const willed = { ...FOUR, failovers: 3, host: "process-with-will" } as const;
  const history = await trials.run(withWill(fault), willed);
  for (const ms of failoversMs(history)) expect(ms).toBeLessThan(FOUR.sessionTimeoutMs / 2);
});

test("a will does nothing about a process that is stopped, and its old leader cannot act", async () => {
  const history = await trials.run(pause, { ...FOUR, failovers: 2, host: "process-with-will" });
  for (const ms of failoversMs(history)) expect(ms).toBeGreaterThan(FOUR.sessionTimeoutMs / 2);
  const leaders = new OldLeaders("none");
  for (const event of history.events) leaders.event(event);
  for (const window of windowsOf(history)) leaders.add(window, window.claim);
  expect(leaders.found().map(({ unsafeMs }) => unsafeMs)).toEqual([0, 0]);
});

test("faults of candidates in threads strike processes as well", async () => {
  const struck = [close, expire, faults.follower, faults.delete, faults.cut, deploy];
  const histories = await trials.runAll(
    struck.map((fault) => ({ fault })),
    { ...FOUR, failovers: 2 },
  );
  expect(histories.map(({ header, strikes }) => [header.fault, strikes.length])).toEqual(
    struck.map(({ name }) => [name, 2]),
  );
});

test.each(["process", "process-with-will"] as const)(
  "whoever is killed, leading or waiting, the oldest that stands leads, and each comes back with a session of its own (%s)",
  async (host) => {
    const fault = host === "process" ? crashes : withWill(crashes);
    const history = await trials.run(fault, { ...FOUR, ...{ candidates: 6, failovers: 2, host } });
    const sessions = history.events.flatMap((event) =>
      event.type === "connected" ? `${event.sessionHigh}:${event.sessionLow}` : [],
    );
    expect(new Set(sessions).size).toBe(6 + 2 * 3);
    const killed = history.events.flatMap((event) => (event.type === "fault" ? event.victim : []));
    expect(killed).toHaveLength(2 * 3);
  },
);

test("a candidate that has come back is not woken by a watch of its earlier contender", async () => {
  await trials.run(faults.churn, { ...FOUR, candidates: 10, failovers: 5 });
});

test.each([faults.freeze, faults.slow, faults.mass])("$name needs threads", ({ needs }) => {
  expect(needs).toContainEqual(expect.objectContaining({ what: "host", is: "thread" }));
});
