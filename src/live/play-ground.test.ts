/** The page's elections on the model, and what the page makes of what they tell. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type SchemeName, schemeNames } from "../election/schemes.ts";
import { blows, type Happening, type Strike } from "./ground.ts";
import { lessonsFor } from "./lessons.ts";
import { PlayGround, playPowers } from "./play-ground.ts";
import { Side } from "./side.ts";
import { phaseWords, sceneWords } from "./words.ts";

async function played(
  schemes: readonly [SchemeName, SchemeName],
  candidates: number,
  ...strikes: readonly Strike[]
) {
  const sides = schemes.map((scheme) => new Side(scheme));
  const told: Happening[][] = [[], []];
  const ground = new PlayGround((side, happening) => {
    sides[side]?.hear(happening);
    told[side]?.push(happening);
  });
  await ground.begin({ schemes, candidates });
  for (const strike of strikes) await ground.strike(strike);
  const [first = new Side("predecessor"), second = new Side("leader")] = sides;
  return { first, second, told };
}

const figures = ({ scene }: Side) => [scene?.woken.size, scene?.inVain.size, scene?.reads.length];
const line = ({ inLine }: Side) =>
  inLine.map(({ sequence, watches, leads }) => `${sequence}${leads ? " leads" : ` watches ${watches}`}`);
const said = ({ scene, members }: Side) => (scene === undefined ? "" : sceneWords({ scene, members }));

test("both stand in the same line, and watch what their schemes say", async () => {
  const { first, second } = await played(["predecessor", "leader"], 4);
  expect(line(first)).toEqual(["0 leads", "1 watches 0", "2 watches 1", "3 watches 2"]);
  expect(line(second)).toEqual(["0 leads", "1 watches 0", "2 watches 0", "3 watches 0"]);
});

test("the leader resigns: one wakes here, all wake there", async () => {
  const { first, second, told } = await played(["predecessor", "leader"], 12, { act: "resign", place: 0 });
  expect(figures(first)).toEqual([1, 0, 1]);
  expect(figures(second)).toEqual([11, 10, 11]);
  expect([first, second].map(({ scene }) => scene?.leads)).toEqual([1, 1]);
  expect(said(first)).toMatch(
    /^c1 watched c0; c0 has gone; c1 looks, and leads after \S+ ms: nobody else woke\.$/,
  );
  expect(said(second)).toMatch(
    /^c0 has gone; 11 of 11 woke, and 11 read the list; c1 leads after \S+ ms; 10 for nothing\.$/,
  );
  for (const happenings of told) {
    const times = happenings.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(happenings.at(-1)?.type).toBe("settled");
  }
});

test("a follower goes: only the next one wakes, and closes the gap", async () => {
  const { first, second } = await played(["predecessor", "leader"], 6, { act: "close", place: 3 });
  expect(figures(first)).toEqual([1, 0, 1]);
  expect(line(first)).toEqual(["0 leads", "1 watches 0", "2 watches 1", "4 watches 2", "5 watches 4"]);
  expect(said(first)).toBe("c4 watched c3; c3 has gone; c4 looks, and watches c2: nobody else woke.");
  expect(figures(second)).toEqual([0, 0, 0]);
  expect(said(second)).toBe("c3 has gone: nobody watched it, and nobody woke.");
});

test("an heir leads without a look; the list wakes all at every join", async () => {
  const { first, second } = await played(["heir", "children"], 5, { act: "resign", place: 0 });
  expect(figures(first)).toEqual([1, 0, 0]);
  expect(figures(second)).toEqual([4, 3, 4]);
  const joined = await played(["heir", "children"], 5, { act: "join" });
  expect(figures(joined.first)).toEqual([0, 0, 0]);
  expect(figures(joined.second)).toEqual([4, 4, 4]);
  expect(said(joined.second)).toBe("c5 joins, and watches the list: 4 woke, for nothing.");
});

describe.each(["kill", "freeze", "cut"] as const)("%s", (act) => {
  test("takes as long as the session lives, and then wakes the same", async () => {
    const { first, second } = await played(["predecessor", "leader"], 6, { act, place: 0 });
    expect([figures(first), figures(second)]).toEqual([
      [1, 0, 1],
      [5, 4, 5],
    ]);
    for (const { scene } of [first, second]) {
      expect(scene?.leadsAfter).toBeGreaterThan(6e9);
      expect(scene?.leadsAfter).toBeLessThan(8.1e9);
    }
  });
});

test("a leader that stands still believes on, and its late write is refused", async () => {
  const frozen = { act: "freeze", place: 0 } as const;
  const { first } = await played(["predecessor", "leader"], 5, frozen);
  expect(first.believers.map(({ candidate }) => candidate)).toEqual([0]);
  expect(first.members.filter(({ leads }) => leads).map(({ candidate }) => candidate)).toEqual([1]);
  expect(said(first)).toContain("two believe, one may write");
  first.closeRanks();
  expect(first.members[0]).toMatchObject({ candidate: 0, stands: false, trouble: "frozen" });
  const healed = await played(["predecessor", "leader"], 5, frozen, { act: "heal" });
  for (const side of [healed.first, healed.second]) {
    expect(side.scene?.refused).toBe(1);
    expect(side.believers).toEqual([]);
    side.closeRanks();
    expect(side.members.map(({ candidate }) => candidate)).toEqual([1, 2, 3, 4, 0]);
  }
});

test("one that is cut off gives up its term before its successor begins, and comes back", async () => {
  const cut = { act: "cut", place: 0 } as const;
  const { first, told } = await played(["predecessor", "leader"], 5, cut);
  expect(first.believers).toEqual([]);
  expect(phaseWords("struck", first)).toContain("c0 hears nothing, and leads no more");
  const ended = told[0]?.find(({ type }) => type === "ended");
  const claimed = told[0]?.findLast(({ type }) => type === "claimed");
  expect(ended?.at).toBeLessThan(claimed?.at ?? 0);
  const healed = await played(["predecessor", "leader"], 5, cut, { act: "heal" });
  expect(line(healed.first)).toEqual(["1 leads", "2 watches 1", "3 watches 2", "4 watches 3", "5 watches 4"]);
});

test("a dead follower that nobody watches goes as well", async () => {
  const { second } = await played(["predecessor", "leader"], 5, { act: "kill", place: 2 });
  expect(second.inLine.map(({ sequence }) => sequence)).toEqual([0, 1, 3, 4]);
});

test("the last one may go, and a place that nobody has is left alone", async () => {
  const resign = { act: "resign", place: 0 } as const;
  const { first } = await played(["predecessor", "leader"], 3, resign, resign, resign, resign);
  expect(first.inLine).toEqual([]);
  const joined = await played(["predecessor", "leader"], 3, resign, resign, resign, { act: "join" });
  expect(line(joined.first)).toEqual(["3 leads"]);
});

test("the same strikes are the same play", async () => {
  const strikes = [{ act: "kill", place: 0 }, { act: "join" }] as const;
  const once = await played(["heir", "children"], 7, ...strikes);
  expect((await played(["heir", "children"], 7, ...strikes)).told).toEqual(once.told);
});

test("each lesson ticks itself by what it proposes, on the side that it is about", async () => {
  const lessons = lessonsFor(playPowers);
  for (const lesson of lessons) {
    const { first, second } = await played(["predecessor", "leader"], 12, ...lesson.strikes);
    const seen = [first, second].map((side) =>
      lesson.schemes.includes(side.scheme) ? lesson.seen(side) : undefined,
    );
    expect(seen, lesson.title).toContainEqual(expect.any(String));
  }
  const { second } = await played(["predecessor", "leader"], 12, { act: "resign", place: 0 });
  expect(lessons[3]?.seen(second)).toBe("11 of 11 woken, 10 for nothing");
});

test("the server serves one request after the other: a herd takes the longer, the larger it is", async () => {
  const resign = { act: "resign", place: 0 } as const;
  const few = await played(["predecessor", "leader"], 5, resign);
  const many = await played(["predecessor", "leader"], 30, resign);
  expect(figures(many.second)).toEqual([29, 28, 29]);
  const took = ({ scene }: Side) => scene?.settledAfter ?? 0;
  expect(took(many.second)).toBeGreaterThan(1.8 * took(few.second));
  expect(took(many.first)).toBeLessThan(1.3 * took(few.first));
});

const anyStrike: fc.Arbitrary<Strike> = fc.oneof(
  fc.record({ act: fc.constantFrom(...blows), place: fc.nat(6) }),
  fc.record({ act: fc.constantFrom("heal" as const, "join" as const) }),
);

test("whatever is struck, afterwards the oldest leads, and each one watches what its scheme says", async () => {
  const scheme = fc.constantFrom(...schemeNames);
  const property = fc.asyncProperty(
    fc.tuple(scheme, scheme),
    fc.integer({ min: 3, max: 7 }),
    fc.array(anyStrike, { maxLength: 8 }),
    async (schemes, candidates, strikes) => {
      const { first, second } = await played(schemes, candidates, ...strikes);
      for (const side of [first, second]) {
        const { inLine } = side;
        const sequences = inLine.map(({ sequence }) => sequence);
        expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
        const expected = sequences.map((_, place) => {
          if (place === 0) return "leads";
          return {
            predecessor: sequences[place - 1],
            heir: sequences[place - 1],
            leader: sequences[0],
            children: "children",
          }[side.scheme];
        });
        expect(inLine.map(({ leads, watches }) => (leads ? "leads" : watches))).toEqual(expected);
        expect(inLine.every(({ trouble }) => trouble === null)).toBe(true);
        side.closeRanks();
        expect(side.members.filter(({ stands, trouble }) => !stands && trouble === null)).toEqual([]);
      }
    },
  );
  await fc.assert(property, { numRuns: 60 });
});
