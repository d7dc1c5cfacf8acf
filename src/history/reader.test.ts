import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { defaultConditions } from "./conditions.ts";
import type { Event } from "./event.ts";
import type { History } from "./history.ts";
import { readHistories, readParts } from "./reader.ts";
import { chronicleOf } from "./told.ts";
import { appendHistory, writeEnding, writeHeader, writeTold } from "./writer.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zk-election-lab-history-"));
});
afterAll(() => rm(folder, { recursive: true }));

const first: History = {
  header: {
    ...defaultConditions,
    trial: 1,
    scheme: "predecessor",
    candidates: 2,
    failovers: 1,
    counter: "none",
  },
  strikes: [
    {
      failover: 1,
      fault: "resign",
      victims: [0],
      startedAt: 2.5e12,
      endedAt: null,
      expects: { leader: "next", withinMs: 5000, silentMs: 0, notifications: 1, announcements: 0 },
    },
  ],
  events: [
    { at: 1, candidate: 0, type: "created", sequence: -5, czxid: Number.MAX_SAFE_INTEGER },
    { at: 2.5e12, candidate: -1, type: "fault", failover: 1, victim: 0 },
    { at: 2.5e12 + 1, candidate: 0, type: "ended", sequence: -5, reason: "resigned" },
  ],
  remains: { znodes: 0, watches: null, files: 0, processes: 0 },
  observations: {
    end: { state: "aborted", reason: "interrupted" },
    enrolment: { readyMs: 12.5, rssBytesPerCandidate: 9e6 },
    servers: [null],
    serverTroubles: [],
    roles: [],
    pulsesMs: [1.25],
    grantedTimeoutsMs: [4000],
    foreignCpuShare: 0.125,
  },
};
const second: History = {
  header: { ...first.header, trial: 2 },
  strikes: [],
  events: [],
  remains: null,
  observations: null,
};

const pack = (...lines: readonly object[]) =>
  gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));

test("two trials that were appended one after the other come back as they were", async () => {
  const file = join(folder, "history.jsonl.gz");
  await appendHistory(file, first);
  expect(await readHistories(file)).toEqual([first]);
  await appendHistory(file, second);
  expect(await readHistories(file)).toEqual([first, second]);
});

test("trials that take turns come back each by itself, in the order of their ends", async () => {
  const file = join(folder, "turns.jsonl.gz");
  const [one, , ...others] = first.events;
  const happened = (...events: readonly (Event | undefined)[]) => ({
    strikes: [],
    events: events.filter((event) => event !== undefined),
  });
  const told = (...events: readonly (Event | undefined)[]) => chronicleOf(happened(...events));
  await writeHeader(file, first.header);
  await writeTold(file, 1, told(one));
  await writeHeader(file, second.header);
  await writeTold(file, 2, told(one, ...others));
  await writeTold(file, 1, chronicleOf({ strikes: first.strikes, events: first.events.slice(1) }));
  await writeEnding(file, 2, second);
  await writeEnding(file, 1, first);
  expect(await readHistories(file)).toEqual([{ ...second, ...happened(one, ...others) }, first]);
});

test("a trial that begins anew has nothing of its earlier try", async () => {
  const file = join(folder, "anew.jsonl.gz");
  await writeHeader(file, first.header);
  await writeTold(file, 1, chronicleOf(first));
  await appendHistory(file, { ...second, header: first.header });
  expect(await readHistories(file)).toEqual([{ ...second, header: first.header }]);
});

test("many events come in pieces and come back in their order", async () => {
  const file = join(folder, "long.jsonl.gz");
  const events = Array.from({ length: 25_000 }, (_, at): Event => ({ at, candidate: 0, type: "beat" }));
  await appendHistory(file, { ...second, events });
  expect((await readHistories(file))[0]?.events).toEqual(events);
  const lengths: number[] = [];
  for await (const part of readParts(file)) if ("told" in part) lengths.push(part.told.length);
  expect(lengths.length).toBeGreaterThan(3);
});

test("when a strike ended is told by an event that was written after it", async () => {
  const file = join(folder, "thawed.jsonl.gz");
  const thawed: Event = { at: 2.6e12, candidate: 0, type: "thawed", lease: "lapsed" };
  await appendHistory(file, { ...first, events: [...first.events, thawed] });
  expect((await readHistories(file))[0]?.strikes).toEqual([{ ...first.strikes[0], endedAt: thawed.at }]);
});

test("a file that does not begin with a header is refused by its name", async () => {
  const file = join(folder, "headless.jsonl.gz");
  for (const before of [[], [{ schema: "zk-election-lab/history@2" }]]) {
    await writeFile(file, pack(...before, { event: first.events[0] }));
    await expect(readHistories(file)).rejects.toThrow(`${file} does not begin with a trial's header`);
  }
});

test("a file of a later version is refused with both versions", async () => {
  const file = join(folder, "later.jsonl.gz");
  await writeFile(file, pack({ schema: "zk-election-lab/history@3" }));
  await expect(readHistories(file)).rejects.toThrow(
    `${file}: its schema is zk-election-lab/history@3, and this version reads zk-election-lab/history@2`,
  );
});

test("a file that is not there is an error of the file system", async () => {
  await expect(readHistories(join(folder, "none.gz"))).rejects.toMatchObject({ code: "ENOENT" });
});

test("wherever writing was cut off, the whole trials before are read, and no part of one", async () => {
  const file = join(folder, "cut.jsonl.gz");
  await appendHistory(file, first);
  const one = (await readFile(file)).length;
  await appendHistory(file, second);
  const bytes = await readFile(file);
  const counts: number[] = [];
  for (let length = 0; length <= bytes.length; length++) {
    await writeFile(file, bytes.subarray(0, length));
    const read = await readHistories(file).catch((error: Error) => error.message);
    if (typeof read === "string") expect(read).toBe(`${file} is cut off before the end of its first trial`);
    else expect(read).toEqual([first, second].slice(0, read.length));
    counts.push(typeof read === "string" ? 0 : read.length);
  }
  // Some of a trial's last bytes carry no information.
  for (const [trials, end] of [one, bytes.length].entries()) {
    expect(counts[end - 20]).toBe(trials);
    expect(counts[end]).toBe(trials + 1);
  }
});

test("a damaged file is an error", async () => {
  const file = join(folder, "damaged.jsonl.gz");
  const bytes = pack({ header: first.header });
  bytes[bytes.length - 5] = 255 - (bytes[bytes.length - 5] ?? 0);
  await writeFile(file, bytes);
  await expect(readHistories(file)).rejects.toMatchObject({ code: "Z_DATA_ERROR" });
});

/** The form of the versions up to 0.5.0. */
const told = { unseatsLeader: true, boundMs: 5000, expectedNotifications: 1 };

const ended = { observations: first.observations };

async function readEarlier(header: object, ...events: readonly object[]): Promise<History[]> {
  const file = join(folder, "earlier.jsonl.gz");
  await writeFile(file, pack({ header }, ...events.map((event) => ({ event })), { remains: null }, ended));
  return readHistories(file);
}

test("an earlier version's trial that was cut off is left out, and the one before it is whole", async () => {
  const file = join(folder, "earlier-cut.jsonl.gz");
  const header = { ...first.header, ...told };
  const noise = { event: { ...first.events[0], note: randomBytes(5000).toString("hex") } };
  const bytes = pack({ header }, { header: { ...header, trial: 2 } }, noise, ended);
  await writeFile(file, bytes.subarray(0, bytes.length - 1000));
  expect(await readHistories(file)).toEqual([{ ...second, header: first.header }]);
  await writeFile(file, bytes);
  expect(await readHistories(file)).toHaveLength(2);
});

test("a history of version 0.2.0 is read as one without announcements, leases and counters", async () => {
  const { counter: _, ...header } = first.header;
  const event = { at: 1, candidate: 0, type: "thawed" };
  expect(await readEarlier({ ...header, ...told }, event)).toEqual([
    {
      ...{ header: first.header, strikes: [], remains: null, observations: first.observations },
      events: [{ ...event, lease: "none" }],
    },
  ]);
});

test("a history of version 0.5.0 does not know who served a session", async () => {
  const event = { at: 1, candidate: 0, type: "connected", sessionHigh: 1, sessionLow: 2 };
  const [history] = await readEarlier({ ...first.header, ...told }, event);
  expect(history?.events).toEqual([{ ...event, server: "unknown" }]);
});

test("a history of version 0.5.0 gets its strikes from its header and its faults", async () => {
  const header = { ...first.header, ...told, expectedAnnouncements: 0 };
  const [history] = await readEarlier(header, ...first.events);
  expect(history).toMatchObject({ header: first.header, strikes: first.strikes, events: first.events });
});

test.each([
  ["freeze", true, { leader: "next", silentMs: 4000 }, 30],
  ["expire", true, { leader: "next", silentMs: 0 }, null],
  ["follower", false, { leader: "same", silentMs: 0 }, null],
])("its strikes of %s expect what that fault led to", async (fault, unseatsLeader, expects, endedAt) => {
  const header = { ...first.header, ...told, fault, unseatsLeader, expectedAnnouncements: 1 };
  const events = [
    { at: 10, candidate: -1, type: "fault", failover: 0, victim: 1 },
    { at: 20, candidate: -1, type: "fault", failover: 1, victim: 0 },
    ...(endedAt === null ? [] : [{ at: endedAt, candidate: 0, type: "thawed", lease: "none" }]),
  ];
  const figures = { withinMs: 5000, notifications: 1, announcements: 1 };
  const [history] = await readEarlier(header, ...events);
  expect(history?.strikes).toEqual([
    { failover: 0, fault, victims: [1], startedAt: 10, endedAt: null, expects: { ...expects, ...figures } },
    { failover: 1, fault, victims: [0], startedAt: 20, endedAt, expects: { ...expects, ...figures } },
  ]);
});
