/** The figures under the lines, of elections on the model. */
import { beforeEach, expect, test } from "vitest";
import { barOf, endOf, medianOf } from "./figures.ts";
import type { Strike } from "./ground.ts";
import { PlayGround } from "./play-ground.ts";
import { Side } from "./side.ts";
import { barTip, barWords, medianWords, moralWords, overlapWords, partWords } from "./words.ts";

const names = ["predecessor", "leader"] as const;
let sides: readonly Side[];

beforeEach(() => {
  sides = names.map((name) => new Side(name));
});

async function play(...strikes: readonly Strike[]): Promise<void> {
  const ground = new PlayGround((side, happening) => sides[side]?.hear(happening));
  await ground.begin({ schemes: names, candidates: 12 });
  for (const strike of strikes) await ground.strike(strike);
}

const bars = () => sides.map(barOf);

test("nobody has gone: there is nothing to show", async () => {
  await play({ act: "join" });
  expect(bars()).toEqual([undefined, undefined]);
  expect(endOf(bars())).toBe(0);
  expect(medianWords([])).toBe("no leader has been replaced yet");
});

test("a failover's parts follow each other, and end when the last one sleeps again", async () => {
  await play({ act: "kill", place: 0 });
  for (const [index, bar] of bars().entries()) {
    expect(bar?.noticed).toBeGreaterThan(6e9);
    expect(bar?.parts.map(({ name }) => name)).toEqual(["woken", "looked", "leads", "quiet"]);
    let end = 0;
    for (const { from, until } of bar?.parts ?? []) {
      expect(from).toBe(end);
      expect(until).toBeGreaterThanOrEqual(from);
      end = until;
    }
    const { scene, failovers } = sides[index] ?? new Side("leader");
    expect(end).toBe((scene?.quietAfter ?? 0) - (scene?.goneAfter ?? 0));
    expect(failovers).toEqual([{ leadsAfter: bar?.parts[2]?.until, quietAfter: end }]);
  }
  // The herd is awake for longer than it takes to lead.
  const [chain, herd] = bars().map((bar) => bar?.parts[3]);
  expect(chain?.until).toBe(chain?.from);
  expect(herd?.until).toBeGreaterThan(1.2 * (herd?.from ?? 0));
  expect(endOf(bars())).toBe(herd?.until);
});

test("where the first one woken is the sign of a loss, its time is told once", async () => {
  await play({ act: "resign", place: 0 });
  const side = sides[0] ?? new Side("leader");
  const { lastLoss } = side;
  if (lastLoss !== undefined) side.lastLoss = { ...lastLoss, goneAfter: 2e6, wokenAfter: 2e6 };
  const bar = barOf(side);
  expect(barWords(bar)).toBe("c0 gone, and the first one woken, 2.00 ms after the strike, then:");
  expect(barTip(side, bar)).not.toContain("woken 0 ms");
});

test("a follower's loss is shown, and is no failover", async () => {
  await play({ act: "resign", place: 4 });
  const [chain, herd] = bars();
  expect(chain?.parts.map(({ name }) => name)).toEqual(["woken", "looked", "quiet"]);
  expect(herd?.parts).toEqual([]);
  expect(sides.map(({ failovers }) => failovers)).toEqual([[], []]);
  expect(barTip(sides[1] ?? new Side("leader"), herd)).toContain("nobody was woken");
});

test("an old leader's overlap with its successor lasts until it goes on and finds out", async () => {
  await play({ act: "freeze", place: 0 });
  for (const bar of bars()) {
    expect(bar?.overlap).toEqual({ from: bar?.parts[2]?.until, until: null });
    expect(bar && overlapWords(bar)).toBe("two believe that they lead, and still do");
  }
  sides = names.map((name) => new Side(name));
  await play({ act: "freeze", place: 0 }, { act: "heal" });
  for (const [index, bar] of bars().entries()) {
    const { overlap } = sides[index] ?? new Side("leader");
    expect(overlap).toMatchObject({ old: 0, successor: 1 });
    expect(bar?.overlap?.until).toBeGreaterThan(bar?.overlap?.from ?? Infinity);
    expect(bar && overlapWords(bar)).toMatch(/^two believed that they lead, for [\d.]+ [mµ]s$/);
  }
});

test("a leader that is cut off gives up in time: nobody overlaps", async () => {
  await play({ act: "cut", place: 0 });
  expect(bars().map((bar) => bar?.overlap)).toEqual([null, null]);
});

test("medians of a few failovers", () => {
  const failovers = [3, 1, 10, 2].map((ms) => ({ leadsAfter: ms * 1e6, quietAfter: ms * 2e6 }));
  expect(medianOf(failovers, "leadsAfter")).toBe(2.5e6);
  expect(medianOf(failovers.slice(1), "quietAfter")).toBe(4e6);
  expect(medianOf([], "quietAfter")).toBeUndefined();
  expect(medianWords(failovers)).toBe("new leader 2.50 ms, all quiet 5.00 ms (median of 4)");
  expect(partWords("quiet", 1_870_400)).toBe("all quiet again 1.87 ms");
});

test("the herd is told by its name when both lines have been struck, and only if there was one", async () => {
  await play({ act: "resign", place: 0 });
  const scenes = () => sides.map(({ scene }) => scene);
  expect(moralWords(scenes())).toContain(
    "woke 1 above and 11 below, where all watch the same, though only one can lead: 10 woke for nothing",
  );
  expect(moralWords(scenes().toReversed())).toContain("woke 1 below and 11 above");
  sides = names.map((name) => new Side(name));
  await play({ act: "resign", place: 3 });
  expect(moralWords(scenes())).toBe("");
});
