/** Other implementations' znodes among an election's contenders. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { Venue } from "../../testing/venue.ts";
import { prefixOf } from "../contenders.ts";
import { ForeignContenders } from "../foreign-contenders.ts";
import { realRuntime } from "../runtime.ts";
import { schemeNames, schemes } from "../schemes.ts";

let venue: Venue;

beforeAll(async () => {
  venue = await Venue.open("foreign");
});

afterEach(() => venue.clear());
afterAll(() => venue[Symbol.asyncDispose]());

/** Another implementation's contender, which is already in this election. */
async function stands(prefix: string): Promise<string> {
  const path = await venue.operator.create(`${venue.path}/${prefix}`, "", "ephemeral-sequential");
  return path.slice(venue.path.length + 1);
}

const KAZOO = `${"ab".repeat(16)}__lock__`;

test.each(schemeNames)(
  "S46 a contender of kazoo stands there: whoever joins is refused (%s)",
  async (scheme) => {
    const leader = await venue.joined();
    const foreign = await stands(KAZOO);
    const candidate = await venue.candidate({ scheme: schemes[scheme] });
    const refused = candidate.election.campaign();
    await expect(refused).rejects.toThrow(ForeignContenders);
    await expect(refused).rejects.toThrow(`${venue.path}: "${foreign}" is a contender of kazoo`);
    expect(candidate.state.state).toBe("over");
    expect(candidate.terms).toEqual([]);
    await vi.waitFor(async () => expect(await venue.contenders()).toEqual([leader.name]));
  },
);

test("a candidate finds them when its turn comes: it leaves instead of leading beside theirs", async () => {
  const leader = await venue.joined();
  const next = await venue.joined();
  await stands(KAZOO);
  await leader.election.resign();
  await next.until("over");
  expect(next.state).toMatchObject({ error: { name: "ForeignContenders" } });
  expect(next.terms).toEqual([]);
  await vi.waitFor(async () => expect(await venue.contenders()).toEqual([]));
});

test("queries and observers ignore them", async () => {
  const leader = await venue.joined();
  await stands(KAZOO);
  expect((await leader.election.contenders()).map(({ name }) => name)).toEqual([leader.name]);
  expect((await leader.election.leader())?.name).toBe(leader.name);
});

test("a persistent look-alike of a contender, behind which nobody would ever lead, is refused as well", async () => {
  const leader = await venue.joined();
  const path = await venue.operator.create(
    `${venue.path}/${prefixOf(realRuntime.guid())}`,
    "",
    "persistent-sequential",
  );
  const candidate = await venue.candidate();
  const refused = candidate.election.campaign();
  await expect(refused).rejects.toThrow(ForeignContenders);
  await expect(refused).rejects.toThrow("has the name of a contender, but is persistent");
  await venue.operator.remove(path);
  await vi.waitFor(async () => expect(await venue.contenders()).toEqual([leader.name]));
});
