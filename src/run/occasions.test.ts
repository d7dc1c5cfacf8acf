import { expect, test } from "vitest";
import { faults } from "../faults/faults.ts";
import { Occasions } from "./occasions.ts";

const { resign, close } = faults;

/** A trial that strikes as it is told; `over` ends the failover that goes on. */
function trial(occasions: Occasions) {
  const struck: string[] = [];
  let end: () => void = () => undefined;
  const done = (async () => {
    for await (const { failover, fault } of occasions) {
      struck.push(`${failover} ${fault.name}`);
      await new Promise<void>((resolve) => {
        end = resolve;
      });
    }
    return "ended";
  })();
  return { struck, done, over: () => end() };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("each strike is over when the trial asks for the next one", async () => {
  const occasions = new Occasions();
  const { struck, over } = trial(occasions);
  await occasions.ready;
  const told: string[] = [];
  void occasions.give(resign).then(() => told.push("the first is over"));
  await turn();
  expect([struck, told]).toEqual([["1 resign"], []]);
  over();
  await turn();
  expect(told).toEqual(["the first is over"]);
  void occasions.give(close);
  await turn();
  expect(struck).toEqual(["1 resign", "2 close"]);
});

test("a strike that comes before the trial is ready waits for it", async () => {
  const occasions = new Occasions();
  const given = occasions.give(resign);
  const { struck, over } = trial(occasions);
  await turn();
  expect(struck).toEqual(["1 resign"]);
  over();
  await expect(given).resolves.toBe(true);
});

test("the end lets the strike that goes on finish", async () => {
  const occasions = new Occasions();
  const { struck, done, over } = trial(occasions);
  const given = occasions.give(resign);
  await turn();
  occasions.end();
  over();
  await expect(done).resolves.toBe("ended");
  await expect(given).resolves.toBe(true);
  expect(struck).toEqual(["1 resign"]);
});

test("nobody waits for a trial that has ended by itself", async () => {
  const occasions = new Occasions();
  const failing = (async () => {
    for await (const _ of occasions) throw new Error("no new leader");
  })();
  const given = occasions.give(resign);
  await expect(failing).rejects.toThrow("no new leader");
  await expect(given).resolves.toBe(true);
  await expect(occasions.give(close)).resolves.toBe(false);
  await expect(occasions.ready).resolves.toBeUndefined();
});
