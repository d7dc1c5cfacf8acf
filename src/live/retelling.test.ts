import { expect, test } from "vitest";
import { COORDINATOR, type Event } from "../history/event.ts";
import type { Strike } from "../history/strike.ts";
import type { Happening } from "./ground.ts";
import { episodesOf, Retelling, type Scene, sideBySide, withServers } from "./retelling.ts";

type Bare<E> = E extends unknown ? Omit<E, "at" | "candidate"> : never;
const event = (at: number, candidate: number, what: Bare<Event>) => ({ at, candidate, ...what }) as Event;
const created = (at: number, candidate: number, sequence: number) =>
  event(at, candidate, { type: "created", sequence, czxid: 100 + sequence });
const notified = (at: number, candidate: number, sequence: number) =>
  event(at, candidate, { type: "notified", watch: "contender", sequence });
const claimed = (at: number, candidate: number, sequence: number) =>
  event(at, candidate, { type: "claimed", sequence, czxid: 100 + sequence });
const beat = (at: number) => event(at, 0, { type: "beat" });
const settled = (at: number, failover: number) => event(at, COORDINATOR, { type: "settled", failover });

const strike = (startedAt: number, victim: number, fault = "resign"): Strike => ({
  ...{ failover: 1, fault, victims: [victim], startedAt, endedAt: null },
  expects: { leader: "next", silentMs: 0, withinMs: 1000, notifications: 1, announcements: 0 },
});

const opening: readonly Event[] = [
  created(1, 0, 0),
  claimed(2, 0, 0),
  created(3, 1, 1),
  event(4, 1, { type: "armed", watch: "contender", sequence: 0 }),
  event(5, COORDINATOR, { type: "enrolled", candidates: 2 }),
];

function retold(...told: readonly (Event | Strike)[]): Scene[] {
  const retelling = new Retelling(({ fault }) => ({ act: fault === "freeze" ? "freeze" : "resign" }));
  for (const one of told) "type" in one ? retelling.event(one) : retelling.strike(one);
  retelling.pause();
  return retelling.scenes;
}

const words = (scene: Scene | undefined) =>
  scene?.map((one: Happening) => `${one.at} ${one.candidate} ${one.type === "struck" ? one.act : one.type}`);

test("the opening is the first scene, without what the page has no use for", () => {
  const [scene, ...others] = retold(...opening, beat(6));
  expect(words(scene)).toEqual(["1 0 created", "2 0 claimed", "3 1 created", "4 1 armed", "5 -1 settled"]);
  expect(others).toEqual([]);
});

test("a contender is told as gone before the first who hears of it", () => {
  const [, scene] = retold(
    ...opening,
    strike(10, 0),
    event(10, 0, { type: "fault", failover: 1, victim: 0 }),
    notified(12, 1, 0),
    event(13, 0, { type: "removed", sequence: 0 }),
    claimed(14, 1, 1),
    settled(15, 1),
  );
  expect(words(scene)).toEqual([
    ...["10 0 resign", "12 0 gone", "12 1 notified", "13 0 removed", "14 1 claimed", "15 -1 settled"],
  ]);
});

test("one whom nobody watches is gone when it learns of it itself", () => {
  const [, scene] = retold(
    ...opening,
    strike(10, 1),
    event(13, 1, { type: "removed", sequence: 1 }),
    settled(15, 1),
  );
  expect(words(scene)).toEqual(["10 1 resign", "13 1 gone", "13 1 removed", "15 -1 settled"]);
});

test("whoever watches the list learns that somebody has gone: the one that was struck", () => {
  const [, scene] = retold(
    ...opening,
    strike(10, 0),
    event(12, 1, { type: "notified", watch: "children", sequence: 1 }),
    settled(15, 1),
  );
  expect(words(scene)).toEqual(["10 0 resign", "12 0 gone", "12 1 notified", "15 -1 settled"]);
});

test("who comes back has a scene of its own, and so has one that goes on after it stood still", () => {
  const returned = [event(20, 0, { type: "creating" }), created(21, 0, 2)];
  const [, , back] = retold(...opening, strike(10, 0), notified(12, 1, 0), settled(15, 1), ...returned);
  expect(words(back)).toEqual(["20 0 join", "20 0 creating", "21 0 created", "21 -1 settled"]);
  const frozen = strike(10, 0, "freeze");
  const [, , thawed] = retold(...opening, frozen, notified(12, 1, 0), settled(15, 1), ...returned);
  expect(words(thawed)?.[0]).toBe("20 0 heal");
});

test("the lease of one that stands still runs down from the strike on, though it records it later", () => {
  const [, scene] = retold(
    ...opening,
    strike(10, 0, "freeze"),
    notified(12, 1, 0),
    event(14, 0, { type: "leased", until: 11 }),
    settled(15, 1),
  );
  expect(scene?.slice(0, 2)).toMatchObject([{ type: "struck" }, { type: "leased", at: 10, until: 11 }]);
  expect(words(scene)).toHaveLength(5);
});

test("elections side by side have as many scenes as each other, and the same servers", () => {
  const scenes = retold(...opening, strike(10, 0), notified(12, 1, 0), settled(15, 1), created(20, 0, 2));
  const [first, second] = episodesOf(scenes);
  expect([first?.length, second?.length]).toEqual([1, 2]);
  const [longer, shorter] = sideBySide([second ?? [], second?.slice(0, 1) ?? []]);
  expect([longer?.length, shorter?.length]).toEqual([2, 2]);
  expect(words(shorter?.[1])).toEqual(["15 -1 settled"]);
  const servers = [{ server: 1, role: "alone" }] as const;
  expect(withServers(shorter?.[1] ?? [], servers)).toMatchObject([
    { type: "servers", servers },
    { type: "settled" },
  ]);
});
