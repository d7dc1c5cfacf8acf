import { expect, test } from "vitest";
import { columnsOf } from "../../history/columns.ts";
import { failovers } from "../../metrics/failover.ts";
import { exampleHistory } from "../../testing/report-run.ts";
import { Story } from "../../testing/story.ts";
import { episodesOf } from "./episode.ts";
import { lanesOf } from "./lanes.ts";
import { duration, durationTo, exactDuration, ticksOf } from "./time-scale.ts";
import { failoverSentence, trialSentence } from "./timeline-words.ts";
import { trialView } from "./trial-view.ts";

const view = ({ header, strikes, events }: ReturnType<typeof exampleHistory>, leftOut = 0) =>
  trialView({ header, strikes, roles: [], columns: columnsOf(events), leftOut });

function sentences(history: ReturnType<typeof exampleHistory>): string[] {
  const shown = view(history);
  return shown.episodes.map((episode) => failoverSentence(episode, shown));
}

test("a failover is told with its conditions and its outcome", () => {
  expect(sentences(exampleHistory("leader"))[0]).toBe(
    "Failover 1 of 2, trial 1: leader, 3 candidates, resign. Candidate 1 leads after 4.00 ms; 2 notified.",
  );
});

test("who is told of a new leader afterwards is not among those who were woken", () => {
  const story = new Story({ announcements: 1, candidates: 3 }).joins(0, 0).claims(0, 0);
  story.joins(1, 1).joins(2, 2).fault(10, 1, 0).wakes(12, 1).claims(12, 1).announces(13, 1, 2);
  const history = story.waits(14, 2).settles(15, 1).told();
  expect(sentences(history)[0]).toContain("leads after 2.00 ms; 1 notified, 1 told who leads.");
  const [episode = null] = episodesOf(history);
  const { groups } = lanesOf({
    candidates: 3,
    servers: 0,
    episode,
    unfolded: true,
    tall: false,
    height: 400,
  });
  expect(groups.map(({ label }) => label)).toEqual(["victim", "successor", "told"]);
});

test("a warm-up is called one, and not counted", () => {
  const history = new Story()
    .joins(0, 0)
    .claims(0, 0)
    .joins(0, 1)
    .fault(10, 0, 0)
    .ends(11, 0, "resigned")
    .claims(12, 1)
    .settles(14, 0)
    .told();
  expect(sentences(history)[0]).toMatch(
    /^Warm-up, .* Candidate 1 leads after 2.00 ms; 0 notified. Not counted.$/,
  );
  expect(trialSentence(view(history))).toContain("0 failovers and 1 warm-up,");
});

test("one failover is not called failovers", () => {
  const history = new Story().joins(0, 0).claims(0, 0).joins(0, 1).fault(10, 1, 0).claims(12, 1).told();
  expect(trialSentence(view(history))).toMatch(/ 1 failover, \d+ events\.$/);
});

/** A leader stands still, and another one leads. */
const succeeded = () =>
  new Story({ fault: "freeze" })
    .joins(0, 0)
    .claims(0, 0)
    .joins(0, 1)
    .fault(10, 1, 0)
    .claims(1010, 1)
    .settles(1020, 1);

test("a leader that stood still is said to have believed on", () => {
  const history = succeeded().ends(1500, 0, "expired").told();
  expect(sentences(history)[0]).toContain("The victim still believed that it leads for 490 ms.");
});

test("where the end of a victim's term is not known, as in result.json, that is said", () => {
  const told = succeeded().told();
  expect(failovers(told)).toMatchObject([{ overlapMs: null }]);
  expect(sentences(told)[0]).toContain("For how long the victim still believed that it leads is not known.");
});

test("what another contender's end has caused is no sign of the victim's, as in result.json", () => {
  const story = new Story().joins(0, 0).claims(0, 0).joins(1, 1).joins(2, 2).joins(3, 3).fault(10, 1, 0);
  const history = story.expires(11, 2).wakes(12, 3, 2).wakes(20, 1).claims(21, 1).settles(30, 1).told();
  expect(failovers(history)).toMatchObject([{ detectionMs: 10 }]);
  expect(episodesOf(history)).toMatchObject([{ firstNotified: 10e6 }]);
});

test("what an old leader wrote is told with the failover that it follows", () => {
  const frozen = () =>
    new Story({ fault: "freeze", counter: "guarded" })
      .joins(0, 0)
      .claims(0, 0)
      .joins(0, 1)
      .fault(10, 1, 0)
      .claims(1010, 1)
      .writes(1011, 1, 1)
      .settles(1020, 1);
  expect(sentences(frozen().isRefused(1400, 0).told())[0]).toContain(
    " 1 stale write tried, none accepted over a successor's.",
  );
  const harm = frozen().writes(1400, 0, 2).isRefused(1410, 0).joins(1450, 0, 2).fault(1500, 2, 1);
  const [first, second] = sentences(harm.claims(1600, 0).settles(1610, 2).told());
  expect(first).toContain(" 2 stale writes tried, 1 accepted over a successor's.");
  expect(second).not.toContain("stale");
});

test("nobody is said to lead where nobody did", () => {
  const started = () => new Story().joins(0, 0).claims(0, 0).fault(10, 1, 0);
  expect(sentences(started().aborts(20, 1).told())[0]).toContain("Nobody new led in time; 0 notified.");
  expect(sentences(started().told())[0]).toContain("The trial was interrupted in it; 0 notified.");
});

test("what a page leaves out is said", () => {
  expect(trialSentence(view(exampleHistory("leader"), 1000))).toContain("1,000 of its");
});

test("in a failover the victim's lane is first, then its successor's, then the others who were notified", () => {
  const history = exampleHistory("leader");
  const [episode = null] = episodesOf(history);
  const order = (of = episode) =>
    lanesOf({ candidates: 3, servers: 0, episode: of, unfolded: false, tall: false, height: 400 }).groups.map(
      (group) => [group.label, ...group.lanes.map(({ candidate }) => candidate)],
    );
  expect(order()).toEqual([
    ["victim", 0],
    ["successor", 1],
    ["notified", 2],
  ]);
  const [quiet = null] = episodesOf(exampleHistory("predecessor"));
  expect(order(quiet)).toContainEqual(["not woken", 2]);
});

test("many who slept on are one band with their number, until somebody wants to see them", () => {
  const story = new Story({ candidates: 8 }).joins(0, 0).claims(0, 0);
  for (let candidate = 1; candidate < 8; candidate++) story.joins(1, candidate);
  const [episode = null] = episodesOf(story.fault(10, 1, 0).wakes(12, 1).claims(13, 1).settles(14, 1).told());
  const groups = (unfolded: boolean) =>
    lanesOf({ candidates: 8, servers: 0, episode, unfolded, tall: false, height: 400 }).groups;
  expect(groups(false).at(-1)).toMatchObject({ label: "not woken", count: 6, lanes: [] });
  expect(groups(true).at(-1)).toMatchObject({ label: "not woken", count: 6 });
  expect(
    groups(true)
      .at(-1)
      ?.lanes.map(({ candidate }) => candidate),
  ).toEqual([2, 3, 4, 5, 6, 7]);
});

test("durations have three figures, or as many as a pixel can tell, or all", () => {
  expect([0, 812_345, 2_312_345, 999_999, 61e9].map(duration)).toEqual([
    "0 ms",
    "812 µs",
    "2.31 ms",
    "1.00 ms",
    "1.02 min",
  ]);
  expect(durationTo(2_172_253_456, 3000)).toBe("2,172.25 ms");
  expect(exactDuration(4_570_925)).toBe("4.570925 ms");
});

test("the axis goes from minutes to microseconds, and never over four digits", () => {
  const labels = (from: number, to: number) =>
    ticksOf({ from, to, left: 0, width: 300 }, 0).map(({ label }) => label);
  expect(labels(0, 180e9)).toEqual(["0", "1 min", "2 min", "3 min"]);
  expect(labels(0, 6e9)).toEqual(["0", "2 s", "4 s", "6 s"]);
  expect(labels(-2e6, 4e6)).toEqual(["−2 ms", "0", "2 ms", "4 ms"]);
  expect(labels(0, 6000)).toEqual(["0", "2 µs", "4 µs", "6 µs"]);
  expect(labels(2_172e6, 2_173e6)).toEqual(["2,172 ms", "2,172.5 ms", "2,173 ms"]);
});
