import { describe, expect, test } from "vitest";
import { ensembleHistory, exampleHistory, exampleRun } from "../../testing/report-run.ts";
import { Story } from "../../testing/story.ts";
import { svgMarkup } from "../svg.ts";
import { episodesOf } from "../timeline/episode.ts";
import { type Chain, chainOf, typicalEpisode } from "./chain.ts";
import { chainFigure } from "./chain-figure.ts";
import { chainGroups } from "./chain-groups.ts";
import { chainSection } from "./chain-section.ts";
import { stepNames, stepSentence } from "./chain-steps.ts";

function chain(history = exampleHistory("predecessor"), failover = 1): Chain {
  const episode = episodesOf(history).find((candidate) => candidate.failover === failover);
  if (episode === undefined) throw new Error(`the history has no failover ${failover}`);
  return chainOf(history, episode);
}

const told = (of: Chain) => stepNames.map((step) => stepSentence(of, step));
const drawn = (of: Chain, step: (typeof stepNames)[number]) => svgMarkup(chainFigure(of, step)).text;
const count = (text: string, what: string) => text.split(what).length - 1;

describe("the steps of a failover", () => {
  test("under predecessor wake one, who reads and leads", () => {
    expect(told(chain())).toEqual([
      "3 candidates. Each watches the contender just before it.",
      "Candidate 0 resigns: it deletes its znode. Its znode is gone, as the first notification shows after 2.00 ms.",
      "1 of 2 notified, after 2.00 ms.",
      "1 of 2 ask for the list of contenders, after 3.00 ms.",
      "Candidate 1 leads, 4.00 ms after the fault.",
      "All have settled 4.00 ms after the fault; nobody had to arm a watch again.",
    ]);
  });

  test("under leader wake all, and say who still waits when the new leader leads", () => {
    expect(told(chain(exampleHistory("leader")))).toEqual([
      "3 candidates. All who wait watch the leader's znode.",
      "Candidate 0 resigns: it deletes its znode. Its znode is gone, as the first notification shows after 2.00 ms.",
      "2 of 2 notified, from 2.00 ms to 3.00 ms.",
      "2 of 2 ask for the list of contenders, from 3.00 ms to 5.00 ms.",
      "Candidate 1 leads, 4.00 ms after the fault. By then 2 of the 2 had been notified, and 1 did not have the list yet.",
      "All have settled 7.00 ms after the fault; 1 armed a watch again.",
    ]);
  });

  test("under heir wake one, who leads without the list; the next one is told, and waits on", () => {
    const story = new Story({ scheme: "heir", candidates: 3, announcements: 1 });
    story.joins(0, 0).claims(0, 0).announces(1, 0);
    story.joins(2, 1, 1).event(3, 1, "armed", { watch: "contender", sequence: 0 });
    story.joins(4, 2, 2).event(5, 2, "armed", { watch: "contender", sequence: 1 });
    story.fault(10, 1, 0).wakes(12, 1).claims(12, 1).announces(13, 1, 2);
    story.event(14, 2, "armed", { watch: "contender", sequence: 1 }).settles(15, 1);
    expect(told(chain(story.told()))).toEqual([
      "3 candidates. Each watches the contender just before it. The leader has written into its znode that it leads.",
      "Candidate 0 resigns: it deletes its znode. Its znode is gone, as the first notification shows after 2.00 ms.",
      "1 of 2 notified, after 2.00 ms.",
      "Nobody needs to read the list of contenders.",
      "Candidate 1 leads, 2.00 ms after the fault.",
      "All have settled 4.00 ms after the fault; 1 armed a watch again.",
    ]);
  });

  test("of a later failover begin with the line as it then stood", () => {
    const { line } = chain(exampleHistory("predecessor"), 2);
    expect(line.map(({ candidate, watches }) => [candidate, watches])).toEqual([
      [1, null],
      [2, 1],
      [0, 2],
    ]);
  });

  test("tell of the child list where that is watched", () => {
    const story = new Story({ scheme: "children", candidates: 2 }).joins(1, 0).claims(2, 0).joins(3, 1);
    story.event(4, 1, "armed", { watch: "children", sequence: 1 }).fault(10, 1, 0);
    const of = chain(story.settles(20, 1).told());
    expect(stepSentence(of, "before")).toContain("watches the child list of the election");
    expect(drawn(of, "before")).toContain(">child list<");
  });
});

/** The number of shapes that the drawing has of a kind: a path holds all of them. */
function shapes(of: Chain, step: (typeof stepNames)[number], kind: string): number {
  const [, path = ""] = drawn(of, step).match(new RegExp(`class="${kind}" d="([^"]*)"`)) ?? [];
  return count(path, "M");
}

describe("the drawing", () => {
  test("fires one arrow under predecessor, and all under leader", () => {
    expect(shapes(chain(), "notified", "arrow fired")).toBe(1);
    expect(shapes(chain(exampleHistory("leader")), "notified", "arrow fired")).toBe(2);
  });

  test.each([30, 300])(
    "of %i contenders has a cell for each, so that a herd looks like one",
    (candidates) => {
      const story = new Story({ scheme: "leader", candidates }).joins(1, 0).claims(2, 0);
      for (let candidate = 1; candidate < candidates; candidate++) {
        story.joins(3, candidate).event(4, candidate, "armed", { watch: "contender", sequence: 0 });
      }
      story.fault(100, 1, 0);
      for (let candidate = 1; candidate < candidates; candidate++) {
        story.event(101, candidate, "notified", { watch: "contender", sequence: 0 });
      }
      const of = chain(story.told());
      expect(shapes(of, "before", "cell waiting")).toBe(candidates - 1);
      expect(shapes(of, "before", "arrow armed")).toBe(candidates - 1);
      expect(shapes(of, "notified", "cell notified")).toBe(candidates - 1);
      expect(shapes(of, "notified", "arrow fired")).toBe(candidates - 1);
      expect(shapes(of, "notified", "cell gone")).toBe(1);
      const [, width = 0, height = 0] = drawn(of, "before").match(/viewBox="0 0 ([\d.]+) ([\d.]+)"/) ?? [];
      for (const [, x, y] of drawn(of, "before").matchAll(/M([\d.]+) ([\d.]+)h/g)) {
        expect(Number(x)).toBeLessThan(Number(width));
        expect(Number(y)).toBeLessThan(Number(height));
      }
    },
  );

  test("shows an old leader that stands still, and believes on, beside its successor", () => {
    const story = new Story({ candidates: 2 }).joins(0, 0).claims(0, 0).joins(1, 1).waits(2, 1);
    story.fault(100, 1, 0).wakes(2100, 1).looks(2101, 1).claims(2102, 1).settles(2103, 1);
    const of = chain(story.thaws(2700, 0, "lapsed").ends(2705, 0, "lapsed").told());
    expect(shapes(of, "leads", "cell leader")).toBe(1);
    expect(shapes(of, "leads", "cell believer")).toBe(1);
    expect(shapes(of, "settled", "cell believer")).toBe(1);
    expect(stepSentence(of, "leads")).toContain(
      "Candidate 0 still believes that it leads, for 603 ms: there are two.",
    );
    // One that has left knows it.
    expect(shapes(chain(), "leads", "cell believer")).toBe(0);
    expect(shapes(chain(), "leads", "cell gone")).toBe(1);
  });
});

describe("a contender that is cut off", () => {
  const cutIn = (of: Chain) => stepNames.filter((step) => drawn(of, step).includes('class="cut"'));

  test("has a broken link while the fault lasts, though another one leads", () => {
    const story = (healed: number) =>
      new Story({ candidates: 2, fault: "partition" })
        .joins(0, 0)
        .claims(0, 0)
        .joins(1, 1)
        .waits(2, 1)
        .fault(10, 1, 0)
        .wakes(1010, 1)
        .looks(1011, 1)
        .claims(1012, 1)
        .event(healed, -1, "healed", { failover: 1 })
        .settles(2020, 1);
    const lasting = chain(story(2010).told());
    expect(cutIn(lasting)).toEqual(["gone", "notified", "reads", "leads", "settled"]);
    expect(stepSentence(lasting, "settled")).toContain("The fault lasted 2.00 s.");
    expect(cutIn(chain(story(1011).told()))).toEqual(["gone", "notified"]);
  });

  test("keeps its znode and leads on when it is back, if a server was struck", () => {
    const of = chain(ensembleHistory());
    expect(cutIn(of)).toEqual(["gone", "notified", "reads"]);
    expect(shapes(of, "gone", "cell gone")).toBe(0);
    expect(shapes(of, "leads", "cell leader")).toBe(1);
    expect(stepSentence(of, "gone")).toBe(
      "The server that leads the ensemble is killed. No notification follows. 1 of 3 lose their connections, after 1.00 ms, and the last one is back after 50.0 ms.",
    );
    expect(stepSentence(of, "leads")).toBe("The leader goes on leading.");
  });

  test("of several that a fault holds, each has a broken link, and a znode that ends", () => {
    const story = new Story({ candidates: 3, fault: "partition" })
      .joins(0, 0)
      .claims(0, 0)
      .joins(1, 1)
      .joins(2, 2);
    const both = story
      .fault(10, 1, [0, 2])
      .wakes(15, 1)
      .event(20, -1, "healed", { failover: 1 })
      .settles(30, 1);
    expect(shapes(chain(both.told()), "gone", "cut")).toBe(2);
    expect(stepSentence(chain(both.told()), "gone")).toContain("The first of their znodes is gone");
  });

  test("is back when somebody is notified later, though nobody new leads", () => {
    const story = new Story({ candidates: 2, fault: "server-kill", leader: "same", contendersStay: true });
    story.joins(0, 0).claims(0, 0).joins(1, 1).fault(10, 1, 0).suspends(11, 1).connects(20, 1, 2);
    expect(cutIn(chain(story.wakes(30, 1).looks(31, 1).settles(40, 1).told()))).toEqual([]);
  });
});

test("the failover shown is the median one, and no warm-up", () => {
  const story = new Story({ failovers: 3 }).joins(0, 0).claims(0, 0).joins(0, 1);
  [1, 30, 20, 10].forEach((ms, failover) => {
    const start = 100 * (failover + 1);
    story
      .fault(start, failover, 0)
      .claims(start + ms, 1)
      .settles(start + 40, failover);
  });
  expect(typicalEpisode(episodesOf(story.told()))?.failover).toBe(2);
});

test("the schemes are set side by side under the same conditions: where most ran, then the fewest candidates", () => {
  const headers = [
    ["children", 50],
    ["predecessor", 50],
    ["leader", 50],
    ["predecessor", 10],
    ["children", 10],
    ["predecessor", 5],
    ["./mine.ts", 70],
    ["heir", 70],
    ["predecessor", 70],
    ["children", 70],
    ["leader", 70],
  ].map(
    ([scheme, candidates]) =>
      new Story({ scheme: String(scheme), candidates: Number(candidates) }).told().header,
  );
  const groups = chainGroups(headers, (header) => header).map(({ name, trials }) => [
    name,
    ...trials.map(({ scheme }) => scheme),
  ]);
  expect(groups).toEqual([
    ["70 candidates, resign", "predecessor", "leader", "children", "heir", "./mine.ts"],
    ["50 candidates, resign", "predecessor", "leader", "children"],
    ["10 candidates, resign", "predecessor", "children"],
    ["5 candidates, resign", "predecessor"],
  ]);
});

test("a section without any failover is still a section", () => {
  expect(chainSection([exampleRun([new Story().told()])]).text).toContain('id="chain"');
});
