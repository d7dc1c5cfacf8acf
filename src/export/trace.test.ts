import { describe, expect, test } from "vitest";
import { COORDINATOR } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { Story } from "../testing/story.ts";
import { trace } from "./trace.ts";

interface TraceEvent {
  name: string;
  cat: string;
  ph: string;
  ts: number;
  dur?: number;
  pid: number;
  tid: number;
  s?: string;
  id?: number;
  bp?: string;
  args?: Record<string, unknown>;
}

function eventsOf(...histories: History[]): TraceEvent[] {
  const { traceEvents, displayTimeUnit } = JSON.parse(trace(histories));
  expect(displayTimeUnit).toBe("ns");
  return traceEvents;
}

/** Violations of the format's description, which viewers silently drop. */
function faultsIn(events: readonly TraceEvent[]): string[] {
  const faults: string[] = [];
  const tracks = new Map<string, TraceEvent[]>();
  const arrows = new Map<number | undefined, TraceEvent[]>();
  for (const event of events) {
    const fault = (what: string) => faults.push(`${what}: ${JSON.stringify(event)}`);
    const { name, cat, ph, ts, dur, pid, tid, s, id } = event;
    if (typeof name !== "string" || name === "" || typeof cat !== "string") fault("no name or category");
    if (!Number.isFinite(ts) || ts < 0) fault("no time");
    if (![pid, tid].every((number) => Number.isInteger(number) && number > 0)) fault("no track");
    if (ph === "X") {
      if (dur === undefined || !Number.isFinite(dur) || dur < 0) fault("no duration");
      tracks.set(`${pid} ${tid}`, [...(tracks.get(`${pid} ${tid}`) ?? []), event]);
    } else if (ph === "i") {
      if (s !== "t") fault("no scope");
    } else if (ph === "s" || ph === "f") {
      arrows.set(id, [...(arrows.get(id) ?? []), event]);
    } else if (ph !== "M") fault("an unknown phase");
  }
  for (const arrow of arrows.values()) {
    const [start, finish] = arrow;
    const same = start?.name === finish?.name && start?.cat === finish?.cat;
    if (arrow.length !== 2 || start?.ph !== "s" || finish?.ph !== "f" || !same || start.ts > finish.ts) {
      faults.push(`no arrow: ${JSON.stringify(arrow)}`);
    }
  }
  for (const track of tracks.values()) {
    const open: number[] = [];
    // In whole nanoseconds, as viewers count. A stable sort keeps the outer one first.
    const spans = track.map(({ ts, dur = 0 }) => {
      const from = Math.round(ts * 1000);
      return { from, until: from + Math.round(dur * 1000) };
    });
    for (const { from, until } of spans.sort((a, b) => a.from - b.from)) {
      while (open.length > 0 && (open.at(-1) ?? 0) <= from) open.pop();
      if (until > (open.at(-1) ?? Infinity)) faults.push(`overlaps in part: ${from} to ${until}`);
      open.push(until);
    }
  }
  return faults;
}

const failover = () =>
  new Story({ trial: 3, scheme: "leader", candidates: 3, failovers: 1 })
    .joins(1, 0)
    .claims(2, 0)
    .joins(3, 1)
    .waits(4, 1)
    .joins(5, 2)
    .waits(6, 2)
    .fault(10, 1, 0, 0)
    .ends(10, 0, "resigned")
    .removes(10, 0)
    .wakes(12, 1)
    .looks(13, 1)
    .claims(14, 1)
    .wakes(15, 2)
    .looks(16, 2)
    .waits(17, 2)
    .settles(18, 1)
    .ends(30, 1, "closed");

const named = (events: readonly TraceEvent[], name: string) => events.filter((event) => event.name === name);

test("a trial is a process, each candidate a track, and the coordinator's is above them", () => {
  const metadata = eventsOf(failover().told()).filter(({ ph }) => ph === "M");
  expect(
    metadata.map(({ name, pid, tid, args }) => [name, pid, tid, args?.name ?? args?.sort_index]),
  ).toEqual([
    ["process_name", 3, 3, "trial 3: leader, 3 candidates, resign"],
    ["process_sort_index", 3, 3, 3],
    ["thread_name", 3, 3, "coordinator"],
    ["thread_sort_index", 3, 3, 0],
    ["thread_name", 3, 1_000_000, "candidate 0"],
    ["thread_sort_index", 3, 1_000_000, 1],
    ["thread_name", 3, 1_000_001, "candidate 1"],
    ["thread_sort_index", 3, 1_000_001, 2],
    ["thread_name", 3, 1_000_002, "candidate 2"],
    ["thread_sort_index", 3, 1_000_002, 3],
  ]);
});

test("terms, waits, looks and failovers have their begin and duration, in microseconds", () => {
  const events = eventsOf(failover().told());
  const spans = (name: string) =>
    named(events, name).map(({ ts, dur, tid, args }) => ({ ts, dur, tid, args }));
  expect(spans("leads")).toEqual([
    {
      ts: 2000,
      dur: 8001,
      tid: 1_000_000,
      args: { sequence: 0, czxid: 100, reason: "resigned", leaseUntil: null },
    },
    {
      ts: 14_000,
      dur: 16_000,
      tid: 1_000_001,
      args: { sequence: 1, czxid: 101, reason: "closed", leaseUntil: null },
    },
  ]);
  expect(spans("waits")).toEqual([
    { ts: 4000, dur: 8000, tid: 1_000_001, args: { watch: "contender", sequence: 0, until: "notified" } },
    { ts: 6000, dur: 9000, tid: 1_000_002, args: { watch: "contender", sequence: 0, until: "notified" } },
    {
      ts: 17_000,
      dur: 13_000,
      tid: 1_000_002,
      args: { watch: "contender", sequence: 0, until: "end of the history" },
    },
  ]);
  expect(spans("looks")[3]).toEqual({
    ts: 13_000,
    dur: 1,
    tid: 1_000_001,
    args: { cause: "notified", contenders: 4 },
  });
  expect(spans("failover 1")).toEqual([
    { ts: 10_000, dur: 7000, tid: 3, args: { victim: 0, end: "settled" } },
  ]);
});

test("notifications, claims, faults, suspended and expired are instants on their candidate's track", () => {
  const story = failover().suspends(40, 2).expires(41, 2).thaws(42, 0, "none");
  const instants = eventsOf(story.told()).filter(({ ph }) => ph === "i");
  expect(instants.map(({ name, ts, tid }) => [name, ts, tid - 1_000_000])).toEqual([
    ["claimed", 2000, 0],
    ["fault 1: resign", 10_000, 0],
    ["notified", 12_000, 1],
    ["claimed", 14_000, 1],
    ["notified", 15_000, 2],
    ["suspended", 40_000, 2],
    ["expired", 41_000, 2],
    ["thawed", 42_000, 0],
  ]);
});

test("what an old leader's lease and its writes came to is told on its track", () => {
  const story = failover().writes(13, 0, 4).isRefused(16, 0).leases(42, 0, 17).thaws(42, 0, "lapsed");
  const events = eventsOf(story.announces(43, 1).told());
  expect(named(events, "wrote")).toMatchObject([{ ts: 13_000, args: { czxid: 100, version: 4 } }]);
  expect(named(events, "write refused")).toMatchObject([{ ts: 16_000, args: { czxid: 100 } }]);
  expect(named(events, "lease")).toMatchObject([{ ts: 42_000, args: { until: 17_000 } }]);
  expect(named(events, "thawed")).toMatchObject([{ args: { lease: "lapsed" } }]);
  expect(named(events, "announced")).toMatchObject([{ ts: 43_000, tid: 1_000_001 }]);
});

test("a term has the latest that was known of its lease", () => {
  const story = new Story().joins(0, 0).claims(1, 0).leases(5, 0, 9).thaws(5, 0, "valid").leases(6, 0, 2);
  const [leads] = named(eventsOf(story.ends(6, 0, "lapsed").told()), "leads");
  expect(leads?.args).toMatchObject({ reason: "lapsed", leaseUntil: 9000 });
});

test("a fault that the coordinator recorded is shown where it strikes", () => {
  const told = new Story().joins(0, 0).claims(1, 0).fault(2, 1, 0).settles(3, 1).told();
  expect(named(eventsOf(told), "fault 1: resign")).toMatchObject([{ tid: 1_000_000 }]);
});

test("an arrow leads from a fault to its successor's claim", () => {
  const arrows = eventsOf(failover().told()).filter(({ ph }) => ph === "s" || ph === "f");
  expect(arrows).toMatchObject([
    { ph: "s", ts: 10_000, tid: 3, id: 3_000_000 },
    { ph: "f", ts: 14_000, tid: 1_000_001, id: 3_000_000, bp: "e" },
  ]);
});

test("without a successor, or without an end, there is no arrow", () => {
  const nobody = new Story().joins(0, 0).claims(1, 0).fault(2, 1, 0).aborts(9, 1).told();
  const interrupted = new Story().joins(0, 0).joins(0, 1).claims(1, 0).fault(2, 1, 0).claims(3, 1).told();
  for (const told of [nobody, interrupted]) {
    expect(eventsOf(told).filter(({ ph }) => ph === "s" || ph === "f")).toEqual([]);
  }
  expect(named(eventsOf(interrupted), "failover 1")).toMatchObject([
    { dur: 1000, args: { end: "interrupted" } },
  ]);
});

test("a fault with the number 0 is a warm-up", () => {
  const told = new Story()
    .joins(0, 0)
    .joins(0, 1)
    .claims(1, 0)
    .fault(2, 0, 0)
    .claims(3, 1)
    .settles(4, 0)
    .told();
  const events = eventsOf(told);
  expect(named(events, "warm-up")).toMatchObject([{ ph: "X", ts: 2000, dur: 1000, pid: 1, tid: 1 }]);
  expect(named(events, "warm-up: resign")).toMatchObject([{ ph: "i" }]);
});

test("nanoseconds are the fraction of a microsecond", () => {
  const told = new Story().event(0, COORDINATOR, "enrolled", { candidates: 4 }).told();
  const at = 1234567890123457;
  const history = { ...told, events: [{ at, candidate: 0, type: "expired" as const }] };
  expect(trace([history])).toContain('"ts":1234567890123.457,');
});

test("several trials are several processes, and their arrows are different ones", () => {
  const events = eventsOf(failover().told(), {
    ...failover().told(),
    header: { ...failover().told().header, trial: 4 },
  });
  expect(new Set(events.map(({ pid }) => pid))).toEqual(new Set([3, 4]));
  expect(faultsIn(events)).toEqual([]);
});

describe("by the description of the format", () => {
  test("an ordinary failover is right", () => {
    expect(faultsIn(eventsOf(failover().told()))).toEqual([]);
  });

  test("a candidate that claims in its look, looks while it leads, and claims twice", () => {
    const told = new Story()
      .joins(0, 0)
      .event(1, 0, "reading", { cause: "notified" })
      .claims(2, 0)
      .event(3, 0, "reading", { cause: "notified" })
      .ends(4, 0, "suspended")
      .event(5, 0, "read", { contenders: 4 })
      .waits(6, 0)
      .claims(7, 0)
      .claims(8, 0)
      .waits(9, 0)
      .ends(10, 0, "expired")
      .wakes(11, 0)
      .told();
    const events = eventsOf(told);
    expect(faultsIn(events)).toEqual([]);
    expect(named(events, "looks").map(({ args }) => args?.until)).toEqual([undefined, "claimed", "ended"]);
  });

  test("failovers without their ends do not overlap", () => {
    const told = new Story().joins(0, 0).fault(1, 1, 0).fault(2, 2, 0).joins(3, 1).fault(4, 3, 0).told();
    expect(faultsIn(eventsOf(told))).toEqual([]);
  });

  test("an empty history, and none at all, are right too", () => {
    expect(faultsIn(eventsOf(new Story().told()))).toEqual([]);
    expect(eventsOf()).toEqual([]);
  });

  test("what overlaps in part is found", () => {
    const span = { name: "a", cat: "a", ph: "X", pid: 1, tid: 1 };
    expect(
      faultsIn([
        { ...span, ts: 0, dur: 2 },
        { ...span, ts: 1, dur: 2 },
      ]),
    ).toHaveLength(1);
    expect(
      faultsIn([
        { ...span, ts: 0, dur: 2 },
        { ...span, ts: 2, dur: 2 },
      ]),
    ).toEqual([]);
    expect(faultsIn([{ ...span, ts: 0 }])).toHaveLength(1);
  });
});
