import { expect, test } from "vitest";
import { columnsOf } from "../../history/columns.ts";
import type { RolesSeen } from "../../history/own-servers.ts";
import type { Expectation } from "../../history/strike.ts";
import { Story } from "../../testing/story.ts";
import type { Surface } from "./drawing-surface.ts";
import { lanesOf } from "./lanes.ts";
import { drawTimeline } from "./timeline-drawing.ts";
import type { Picture } from "./timeline-picture.ts";
import { trialView } from "./trial-view.ts";

/**
 * A leader that stands still from 10 to 90 ms beside its successor's claim at 50 ms; a pixel is a millisecond.
 */
function drawn(story: Story, roles: readonly RolesSeen[] = []): { what: string; x: number; width: number }[] {
  const { header, strikes, events } = story.told();
  const view = trialView({ header, strikes, roles, columns: columnsOf(events), leftOut: 0 });
  const lanes = lanesOf({
    candidates: 2,
    servers: roles[0]?.roles.length ?? 0,
    episode: null,
    unfolded: false,
    tall: false,
    height: 80,
  });
  const scale = { from: 0, to: 100e6, left: 0, width: 100 };
  const picture: Picture = {
    ...{ view, scale, lanes, scroll: 0, width: 100, height: 200, episode: null, mark: null },
  };
  const rects: { what: string; x: number; width: number }[] = [];
  let what = "";
  const surface: Surface = {
    fill: (ink, opacity = 1) => {
      what = `${ink} ${opacity}`;
    },
    rect: (x, _y, width) => rects.push({ what, x: Math.round(x), width: Math.round(width) }),
    text: () => undefined,
    textWidth: () => 1000,
  };
  drawTimeline(surface, picture);
  return rects;
}

const frozen = () =>
  new Story({ candidates: 2, counter: "guarded" })
    .joins(0, 0)
    .joins(0, 1)
    .claims(1, 0)
    .fault(10, 1, 0, 0)
    .claims(50, 1)
    .writes(51, 1, 1)
    .settles(55, 1);

const termBars = (story: Story) => drawn(story).filter(({ what }) => /^predecessor /.test(what));

test("a term fades where its lease has run out", () => {
  const story = frozen().leases(90, 0, 40).thaws(90, 0, "lapsed").leases(92, 0, 40).ends(92, 0, "lapsed");
  expect(termBars(story)).toEqual([
    { what: "predecessor 0.85", x: 1, width: 39 },
    { what: "predecessor 0.3", x: 40, width: 52 },
    { what: "predecessor 0.85", x: 50, width: 42 },
  ]);
});

test("a lease that its candidate knew less of after the thaw fades no earlier for that", () => {
  const story = frozen().leases(90, 0, 40).thaws(90, 0, "lapsed").leases(92, 0, 12).ends(92, 0, "lapsed");
  expect(termBars(story)[0]).toEqual({ what: "predecessor 0.85", x: 1, width: 39 });
});

test("a lease that outlives its term, and a term without a lease, fade nowhere", () => {
  const ends = frozen().leases(92, 0, 99).ends(92, 0, "resigned");
  for (const story of [ends, frozen().ends(92, 0, "expired")])
    expect(termBars(story).map(({ what }) => what)).toEqual(["predecessor 0.85", "predecessor 0.85"]);
});

test("a failover's band ends when the last candidate waits again, not when the coordinator sees it", () => {
  const bands = (story: Story) => drawn(story).filter(({ what }) => what === "bad 0.08");
  const story = () => new Story({ candidates: 2 }).joins(0, 0).joins(0, 1).claims(1, 0).fault(10, 1, 0, 0);
  const waits = { watch: "contender", sequence: 1 } as const;
  expect(bands(story().claims(20, 1).event(30, 1, "armed", waits).settles(70, 1))).toEqual([
    { what: "bad 0.08", x: 10, width: 20 },
  ]);
  expect(bands(story().claims(20, 1).aborts(70, 1))).toEqual([{ what: "bad 0.08", x: 10, width: 60 }]);
});

test("a fault that lasts is shaded from its beginning to its end, on each candidate that it holds", () => {
  const cut = (fault: string, changes: Partial<Expectation>) =>
    new Story({ candidates: 2, fault, ...changes })
      .joins(0, 0)
      .joins(0, 1)
      .fault(10, 1, [0, 1])
      .event(70, -1, "healed", { failover: 1 })
      .settles(75, 1);
  const shades = (story: Story) => drawn(story).filter(({ what }) => what === "bad 0.16");
  const bars = (story: Story) => drawn(story).filter(({ what, width }) => what === "bad 1" && width === 60);
  const shade = { what: "bad 0.16", x: 10, width: 60 };
  expect(shades(cut("partition", {}))).toEqual([shade, shade]);
  expect(bars(cut("partition", {}))).toHaveLength(3);
  // Only servers are struck: it lasts, and holds none of the candidates.
  expect(shades(cut("server-pause", { contendersStay: true }))).toEqual([]);
  expect(bars(cut("server-pause", { contendersStay: true }))).toHaveLength(1);
  expect(shades(new Story({ candidates: 2 }).joins(0, 0).joins(0, 1).fault(10, 1, 0).settles(75, 1))).toEqual(
    [],
  );
});

test("a server's stretches that read the same are drawn as one", () => {
  const told = (what: "killed" | "paused") => {
    const story = new Story({ candidates: 2, servers: 2 }).event(1, -1, "enrolled", { candidates: 2 });
    story.joins(2, 0).fault(10, 1, 0).event(10, -1, "server", { server: 2, state: what }).suspends(20, 0);
    return story.connects(30, 0, 1, "unknown").suspends(40, 0).settles(60, 1);
  };
  const roles: RolesSeen[] = [{ failover: 0, roles: ["leader", "follower"] }];
  const looks = ["band 1", "bad 0.25", "warn 0.25"];
  const lanes = (story: Story) => drawn(story, roles).filter(({ what }) => looks.includes(what));
  expect(lanes(told("killed"))).toMatchObject([
    { what: "band 1", x: 1, width: 9 },
    { what: "bad 0.25", x: 10, width: 50 },
  ]);
  expect(lanes(told("paused")).at(-1)).toMatchObject({ what: "warn 0.25", x: 10 });
});

test("servers have lanes above those of the candidates", () => {
  const lanes = (servers: number) =>
    lanesOf({ candidates: 2, servers, episode: null, unfolded: false, tall: true, height: 200 });
  const [, second] = lanes(2).servers;
  expect(second?.server).toBe(2);
  expect(lanes(2).of.get(0)?.top).toBeGreaterThan((second?.top ?? 0) + (second?.height ?? 0));
  expect(lanes(0)).toMatchObject({ servers: [], groups: [{ top: 0 }] });
});

test("an old leader's write is marked by what came of it", () => {
  const marks = (story: Story) =>
    drawn(story)
      .filter(({ what, width }) => width === 3 && (what === "bad 1" || what === "good 1"))
      .map(({ what, x }) => [what, x]);
  expect(marks(frozen().isRefused(90, 0).ends(92, 0, "expired"))).toEqual([["good 1", 90]]);
  expect(marks(frozen().writes(90, 0, 2).ends(92, 0, "expired"))).toEqual([["bad 1", 90]]);
  expect(marks(frozen().ends(92, 0, "expired"))).toEqual([]);
});
