import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { columnsOf, eventsOf } from "../history/columns.ts";
import type { Event } from "../history/event.ts";
import { exampleHistory, exampleRun } from "../testing/report-run.ts";
import { Story } from "../testing/story.ts";
import { dataScripts, eventsFor } from "./data-scripts.ts";
import { pack, unpack } from "./packed-history.ts";
import { timelineSection } from "./timeline/timeline-section.ts";

const through = (events: readonly Event[]) => {
  const { header, strikes } = exampleHistory("predecessor");
  const [trial] = unpack(pack([{ header, strikes, roles: [], columns: columnsOf(events), leftOut: 0 }]));
  return trial === undefined ? [] : eventsOf(trial.columns());
};

describe("a packed history", () => {
  test("is what it was, event by event", () => {
    const { events } = exampleHistory("leader");
    expect(through(events)).toEqual(events);
  });

  test("keeps nanoseconds, zxids of more than 32 bits, session ids and wrapped sequences", () => {
    const events: Event[] = [
      {
        at: 3,
        candidate: 1,
        type: "connected",
        sessionHigh: 0xffffffff,
        sessionLow: 0x80000001,
        server: "5",
      },
      { at: 86_400_000_000_001, candidate: 1, type: "created", sequence: 2147483647, czxid: 2 ** 53 - 1 },
      { at: 86_400_000_000_002, candidate: 999, type: "created", sequence: -2147483648, czxid: 0x100000000 },
      { at: 86_400_000_000_002, candidate: -1, type: "fault", failover: 0, victim: 1 },
      { at: 86_400_000_000_003, candidate: 1, type: "ended", sequence: 2147483647, reason: "deleted" },
      { at: 86_400_000_000_004, candidate: 1, type: "notified", watch: "children", sequence: -1 },
      { at: 86_400_000_000_005, candidate: 1, type: "reading", cause: "reconnected" },
    ];
    expect(through(events)).toEqual(events);
  });

  test("of several trials keeps them apart, headers, strikes and all", () => {
    const histories = [exampleHistory("predecessor", 1), exampleHistory("leader", 2)];
    const packed = pack(eventsFor(exampleRun(histories), 1));
    const trials = unpack(packed);
    expect(trials.map(({ header }) => header)).toEqual(histories.map(({ header }) => header));
    expect(trials.map(({ strikes }) => strikes)).toEqual(histories.map(({ strikes }) => strikes));
    expect(trials.map((trial) => eventsOf(trial.columns()))).toEqual(histories.map(({ events }) => events));
  });

  test("that ends too early is refused", () => {
    const { header, strikes, events } = exampleHistory("leader");
    const bytes = pack([{ header, strikes, roles: [], columns: columnsOf(events), leftOut: 0 }]);
    const [trial] = unpack(bytes.subarray(0, bytes.length - 1));
    expect(() => trial?.columns()).toThrow("ends too early");
  });
});

describe("a page with too long a history", () => {
  test("has a crowd that joined and left, to be measured, from when it stayed to the last failover, and says so", () => {
    const crowd = new Story({ candidates: 2, failovers: 1 });
    for (const candidate of [0, 1]) crowd.joins(10 + candidate, candidate);
    crowd.event(15, -1, "enrolled", { candidates: 2 });
    for (const candidate of [0, 1]) crowd.removes(20 + candidate, candidate);
    for (const candidate of [0, 1]) crowd.joins(30 + candidate, candidate, 2 + candidate);
    crowd
      .claims(32, 0)
      .event(35, -1, "enrolled", { candidates: 2 })
      .fault(40, 1, 0)
      .removes(41, 0)
      .claims(42, 1)
      .settles(43, 1)
      .removes(50, 1);
    const run = exampleRun([crowd.told()]);
    const [trial] = eventsFor(run, 1);
    const events = trial === undefined ? [] : eventsOf(trial.columns);
    expect(events.filter(({ type }) => type === "connected")).toHaveLength(4);
    expect(events.filter(({ type }) => type === "created")).toHaveLength(2);
    expect(events.every(({ type, at }) => type === "connected" || at >= 29e6)).toBe(true);
    expect(events.at(-1)?.type).toBe("settled");
    expect(events.length + (trial?.leftOut ?? 0)).toBe(run.histories[0]?.events.length);
    expect(timelineSection([run]).text).toContain("shows them from when they stayed");
  });

  test("ends the long trial after a failover, leaves the short one whole, and counts what is missing", () => {
    const short = new Story({ trial: 1 }).joins(1, 0).told();
    const long = exampleHistory("leader", 2);
    const run = exampleRun([short, long]);
    const [first, second] = eventsFor(run, 1, short.events.length + long.events.length - 1);
    expect(first?.leftOut).toBe(0);
    expect(second?.columns.length).toBe(long.events.findIndex(({ type }) => type === "settled") + 1);
    expect((second?.columns.length ?? 0) + (second?.leftOut ?? 0)).toBe(long.events.length);
  });

  test("says that nothing is missing where nothing is", () => {
    const section = timelineSection([exampleRun([exampleHistory("leader")])]).text;
    expect(section).toContain("Every event that was recorded is here.");
  });
});

test("the data of a page cannot end their script, and can be taken out again", () => {
  const history = exampleHistory("</script><script>alert(1)</script><!--");
  const run = exampleRun([history]);
  const text = dataScripts([run]).text;
  expect(text.match(/<\/?script/g)).toHaveLength(6);
  const unzipped = (id: string) =>
    gunzipSync(Buffer.from(new RegExp(`id="${id}">(.*?)</script>`).exec(text)?.[1] ?? "", "base64"));
  expect(JSON.parse(unzipped("result-0").toString())).toEqual(run.result);
  const [trial] = unpack(unzipped("history-0"));
  expect(trial === undefined ? [] : eventsOf(trial.columns())).toEqual(history.events);
});
