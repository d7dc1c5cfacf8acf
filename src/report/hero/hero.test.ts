import { describe, expect, test } from "vitest";
import type { History } from "../../history/history.ts";
import { exampleHistory, exampleRun } from "../../testing/report-run.ts";
import { Story } from "../../testing/story.ts";
import { figureText, type Hero, heroOf } from "./hero.ts";
import { heroSection } from "./hero-section.ts";
import { marksIn, stripPicture } from "./strip-picture.ts";

function heroIn(...histories: readonly History[]): Hero {
  const hero = heroOf([exampleRun(histories)]);
  if (hero === null) throw new Error("these histories have no whole failover");
  return hero;
}

const figures = (hero: Hero) => hero.strips.map(figureText);

/** Each kind of mark with the left ends of its pieces; the whole width is 100. */
function drawn(hero: Hero, index = 0): Record<string, number[]> {
  const strip = hero.strips[index];
  if (strip === undefined) throw new Error("there is no such strip");
  return Object.fromEntries(
    stripPicture(strip, hero, 100, 60).map(({ attributes: { class: name, d } }) => [
      String(name).replace("mark-", ""),
      [...String(d).matchAll(/M([\d.]+)/g)].map(([, x]) => Number(x)),
    ]),
  );
}

const herd = exampleHistory("leader", 2);
const recipe = exampleHistory("predecessor");

describe("the failover of each scheme", () => {
  test("has its figures: who is woken, when the new leader leads, when all are quiet", () => {
    const hero = heroIn(herd, recipe);
    expect(hero.title).toBe("The leader resigns. Who wakes up?");
    expect(hero.strips.map(({ chain }) => chain.header.scheme)).toEqual(["predecessor", "leader"]);
    expect(figures(hero)).toEqual([
      "1 woken, 4.00 ms to the new leader, 4.00 ms until all are quiet",
      "2 woken, 4.00 ms to the new leader, 7.00 ms until all are quiet",
    ]);
  });

  test("has a row for each contender: the victim's, then those that woke, in that order", () => {
    expect(heroIn(herd).strips[0]?.rows.map(({ candidate }) => candidate)).toEqual([0, 1, 2]);
    const late = new Story({ candidates: 3 })
      .joins(0, 0)
      .claims(0, 0)
      .joins(1, 1)
      .joins(2, 2)
      .fault(10, 1, 0);
    late.wakes(12, 2).wakes(13, 1).claims(14, 1).settles(15, 1);
    expect(heroIn(late.told()).strips[0]?.rows.map(({ candidate }) => candidate)).toEqual([0, 2, 1]);
  });

  test("lies on the scale of all: who sleeps on has no mark", () => {
    const hero = heroIn(recipe, herd);
    expect(drawn(hero, 0).woken).toHaveLength(1);
    expect(drawn(hero, 1).woken).toHaveLength(2);
    expect(drawn(hero, 1).armed).toHaveLength(1);
    expect(drawn(hero, 0).reads).toEqual([drawn(hero, 1).reads?.[0]]);
    // The new leader from its claim, and the old one up to the fault.
    expect(drawn(hero, 0).leads).toEqual([drawn(hero, 0).claim?.[0], 0]);
    expect(marksIn(hero)).toEqual(["woken", "reads", "armed", "leads", "fault"]);
  });
});

test("shows the conditions that most schemes share, and then those with the most candidates", () => {
  const many = (scheme: string, candidates: number, trial: number) => {
    const { header, ...rest } = exampleHistory(scheme, trial);
    return { ...rest, header: { ...header, candidates } };
  };
  const all = [many("leader", 99, 1), many("leader", 3, 2), many("predecessor", 3, 3)];
  expect(heroIn(...all).conditions).toBe("3 candidates, resign");
  expect(heroIn(...all, many("predecessor", 5, 4), many("leader", 5, 5)).conditions).toBe(
    "5 candidates, resign",
  );
});

describe("a leader that stands still", () => {
  const frozen = new Story({ candidates: 2, fault: "freeze", silentMs: 1000 })
    .joins(0, 0)
    .claims(0, 0)
    .joins(1, 1)
    .fault(100, 1, 0)
    .wakes(1200, 1)
    .looks(1201, 1)
    .claims(1202, 1)
    .settles(1203, 1)
    .ends(1700, 0, "expired");

  test("believes on beside its successor, and the wait for its session is left out", () => {
    const hero = heroIn(frozen.told());
    expect(hero.title).toBe("The leader stands still until its session expires. Who wakes up?");
    expect(hero.afterWait).toBe(true);
    expect(figures(hero)).toEqual([
      "1 woken, 1.10 s to the new leader, 1.10 s until all are quiet, 498 ms with two believers",
    ]);
    const { believes = [], fault, claim = [] } = drawn(hero);
    expect(believes).toHaveLength(1);
    expect(fault).toBeUndefined();
    expect(claim[0]).toBeGreaterThan(50);
  });
});

test("one that leads, and goes while others do, leads no longer", () => {
  const deploy = new Story({ candidates: 3, fault: "deploy", leader: "any" });
  deploy
    .joins(0, 0)
    .claims(0, 0)
    .joins(1, 1)
    .joins(2, 2)
    .fault(10, 1, [0, 1])
    .wakes(12, 1)
    .claims(14, 1)
    .ends(20, 1, "closed")
    .wakes(21, 2, 1)
    .claims(22, 2)
    .settles(30, 1);
  const hero = heroIn(deploy.told());
  const row = hero.strips[0]?.rows.find(({ candidate }) => candidate === 1);
  expect([row?.leads, row?.ended, row?.rests]).toEqual([4e6, 10e6, 4e6]);
  const [strip] = hero.strips;
  if (strip === undefined) throw new Error("there is a strip");
  const leads = stripPicture(strip, hero, 100, 60).find(
    ({ attributes }) => attributes.class === "mark-leads",
  );
  const lengths = [...String(leads?.attributes.d).matchAll(/h([\d.]+)v/g)].map(([, long]) => Number(long));
  // It leads for 6 ms of the 12 that the strip shows, with some room.
  expect(lengths[0]).toBeCloseTo((6 / 12 / 1.07) * 100, 0);
});

test("a leader that nobody unseats goes on, and nobody wakes", () => {
  const cut = new Story({
    candidates: 2,
    fault: "cut",
    leader: "same",
    contendersStay: true,
    notifications: 0,
  });
  cut
    .joins(0, 0)
    .claims(0, 0)
    .joins(1, 1)
    .fault(10, 1, 0)
    .event(20, -1, "healed", { failover: 1 })
    .settles(21, 1);
  const hero = heroIn(cut.told());
  expect(figures(hero)).toEqual(["0 woken, the leader goes on"]);
  expect(Object.keys(drawn(hero))).toEqual(["quiet", "leads", "cut", "fault"]);
});

test("without a history, or a failover that settled, there is no hero", () => {
  expect(heroSection([exampleRun([])])).toBeNull();
  const unsettled = new Story().joins(0, 0).claims(0, 0).fault(10, 1, 0);
  expect(heroSection([exampleRun([unsettled.told()])])).toBeNull();
});

test("of a thousand candidates each has its place in a strip of the same height", () => {
  const crowd = new Story({ candidates: 1000, scheme: "leader", notifications: 999 });
  for (let one = 0; one < 1000; one++) crowd.joins(one / 1000, one);
  crowd.claims(2, 0).fault(10, 1, 0);
  for (let one = 1; one < 1000; one++) crowd.wakes(11 + one / 100, one).looks(30, one);
  crowd.claims(31, 1).settles(32, 1);
  const section = heroSection([exampleRun([crowd.told()])])?.text ?? "";
  expect(section).toContain('viewBox="0 0 1000 150"');
  expect(section).toContain("<b>999</b> woken");
  const tops = [
    ...(section.match(/mark-woken" vector[^>]*d="([^"]*)"/)?.[1] ?? "").matchAll(/M[\d.]+ ([\d.]+)/g),
  ];
  expect(tops).toHaveLength(999);
  expect(Math.max(...tops.map(([, top]) => Number(top)))).toBeLessThan(150);
});

test("a name from outside stays a name", () => {
  const hostile = `"><script>alert(1)</script>`;
  const { header, ...rest } = recipe;
  const text = heroSection([
    exampleRun([{ ...rest, header: { ...header, scheme: hostile, fault: hostile } }]),
  ])?.text;
  expect(text).toContain("woken");
  expect(text).not.toContain("<script");
});
