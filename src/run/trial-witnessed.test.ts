/**
 * What the lab sees of a program's election by its packets is what candidates of our own record themselves, and
 * what the servers count: here for threads whose connections run through relays.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { schemeNames, schemes } from "../election/schemes.ts";
import { type LocalEnsemble, startLocal } from "../ensemble/local.ts";
import { Scratch } from "../ensemble/scratch.ts";
import { faults } from "../faults/faults.ts";
import { defaultConditions } from "../history/conditions.ts";
import type { Event } from "../history/event.ts";
import { countsSince, type PacketCounts } from "../history/packet-counts.ts";
import { Recorder } from "../history/recorder.ts";
import { createRecording } from "../history/ring.ts";
import { Tape } from "../history/tape.ts";
import { endOf, windowsOf } from "../history/window.ts";
import { TcpRelay } from "../network/tcp-relay.ts";
import { Tally } from "../processes/tally.ts";
import { Witness } from "../processes/witness.ts";
import { hostAndPort } from "../zookeeper/connect-string.ts";
import { runWhole } from "./whole-trials.ts";

const FAILOVERS = 3;

let scratch: Scratch;
let ensemble: LocalEnsemble;
let trials = 0;

beforeAll(async () => {
  scratch = await Scratch.create();
  ensemble = await startLocal(scratch, { tickTimeMs: 200, fsync: false, runId: "witnessed-test" });
});

afterAll(async () => {
  await ensemble.close();
  await scratch[Symbol.asyncDispose]();
});

/** Those events that the candidates and the relays both see, as words. */
function wordOf(event: Event): string[] {
  switch (event.type) {
    case "notified":
      return [`${event.candidate} notified of ${event.watch} ${event.sequence}`];
    case "reading":
      return [`${event.candidate} reads`];
    case "read":
      return [`${event.candidate} has read ${event.contenders}`];
    case "created":
    case "removed":
      return [`${event.candidate} ${event.type} ${event.sequence}`];
    default:
      return [];
  }
}

function seenBetween(events: readonly Event[], from: number, until: number): string[] {
  return events
    .filter(({ at }) => at >= from && at <= until)
    .flatMap(wordOf)
    .sort();
}

describe.each([10, 50])("%d candidates", (candidates) => {
  const witnesses: Witness[] = [];
  const tally = new Tally();
  const taps: TcpRelay[] = [];

  beforeAll(async () => {
    const [target] = ensemble.members;
    if (target === undefined) throw new Error("there is no server");
    for (let candidate = 0; candidate < candidates; candidate++) {
      const witness = new Witness(tally);
      witnesses.push(witness);
      taps.push(await TcpRelay.start({ target: target.address, onlooker: () => witness.connection("1") }));
    }
  });

  afterAll(() => Promise.all(taps.map((tap) => tap[Symbol.asyncDispose]())));

  test.each(schemeNames)("under %s", async (scheme) => {
    const origin = process.hrtime.bigint();
    const recording = createRecording(1, 100_000, origin);
    const tape = new Tape(recording);
    const clock = new Recorder(recording, 0, 0);
    const tallied: { readonly at: number; readonly counts: PacketCounts }[] = [];
    const talliedUntil = (moment: number) =>
      tallied.findLast(({ at }) => at <= moment)?.counts ?? tally.counts;
    tallied.push({ at: 0, counts: tally.counts });
    const trial = ++trials;
    for (const [candidate, witness] of witnesses.entries())
      witness.tell({
        recorder: new Recorder(recording, 0, candidate),
        election: `${ensemble.root}/election-${trial}`,
        inherits: schemes[scheme].inherits === true,
        onStatus: () => void tallied.push({ at: clock.momentOf(performance.now()), counts: tally.counts }),
        onBeat: () => undefined,
        onContradiction: (words) => expect.fail(words),
      });
    const tapped = {
      ...ensemble,
      connectFor: (candidate: number) => hostAndPort(taps[candidate]?.address ?? { host: "", port: 0 }),
    };
    const [history] = await runWhole(tapped, [
      {
        ...defaultConditions,
        ...{ trial, candidates, failovers: FAILOVERS, sessionTimeoutMs: 30_000, electionName: "election" },
        ...{ scheme: schemes[scheme], schemeSource: { name: scheme }, fault: faults.resign, scratch, origin },
      },
    ]);
    if (history === undefined) throw new Error("a trial has a history");
    expect(history.observations?.end).toEqual({ state: "completed" });
    const witnessed = tape.take();
    const windows = [...windowsOf(history)];
    expect(windows).toHaveLength(FAILOVERS);
    for (const [index, window] of windows.entries()) {
      const [from, until] = [window.strike.startedAt, endOf(window)];
      const seen = seenBetween(witnessed, from, until);
      expect(seen).toEqual(seenBetween(history.events, from, until));
      const count = (word: RegExp) => seen.filter((one) => word.test(one)).length;
      const counts = history.observations?.servers[index];
      expect(counts).toMatchObject({
        lists: count(/ reads$/),
        childrenWatches: count(/ notified of children /),
      });
      expect(counts).toMatchObject(countsSince(talliedUntil(from), talliedUntil(until)));
    }
  });
});
