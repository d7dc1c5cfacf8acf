import { expect, test } from "vitest";
import { faultNames, faults } from "../faults/faults.ts";
import type { Powers } from "../live/ground.ts";
import { actOf, actsOn, faultFor } from "./strike-fault.ts";
import { strikeFrom } from "./typed-strike.ts";

const powers: Powers = {
  ...{ schemes: ["predecessor", "leader"], candidates: 5, sessionTimeoutMs: 4000 },
  acts: ["resign", "freeze", "kill-server"],
};

test("threads cannot be killed, and a single server is left alone", () => {
  expect(actsOn("thread", 1)).toEqual(["resign", "close", "freeze", "cut"]);
  expect(actsOn("process", 3)).toEqual([
    ...["kill", "resign", "close", "freeze", "cut", "kill-server", "restart-server", "pause-server"],
  ]);
});

test("what is offered has a fault, and the fault's name says what was done", () => {
  for (const host of ["thread", "process", "process-with-will"] as const)
    for (const act of actsOn(host, 3)) {
      const strike = act.endsWith("-server") ? { act, server: 1 } : { act, place: 0 };
      const fault = faultFor(strike as Parameters<typeof faultFor>[0], host);
      expect(fault && actOf(fault.name), `${host} ${act}`).toBe(act);
    }
  const known = faultNames.filter((name) => actOf(name) !== undefined);
  expect(known).toEqual(["resign", "close", "freeze", "kill", "pause", "partition"]);
});

test("who waits further down is struck where it stands, and nobody new may lead", () => {
  expect(faultFor({ act: "resign", place: 0 }, "thread")).toBe(faults.resign);
  const fault = faultFor({ act: "resign", place: 3 }, "thread");
  expect([fault?.positions(5), fault?.leader]).toEqual([[3], "same"]);
  expect(faultFor({ act: "kill", place: 0 }, "thread")).toBeUndefined();
});

test("a will ends the session of a process that is killed at once", () => {
  expect(faultFor({ act: "kill", place: 0 }, "process")?.fallsSilent).toBe(true);
  expect(faultFor({ act: "kill", place: 0 }, "process-with-will")?.fallsSilent).toBe(false);
});

test.each([
  ['{"act":"resign","place":0}', { act: "resign", place: 0 }],
  ['{"act":"freeze","place":4,"more":1}', { act: "freeze", place: 4 }],
  ['{"act":"kill-server","server":3}', { act: "kill-server", server: 3 }],
  ['{"act":"resign","place":5}', undefined],
  ['{"act":"resign","place":-1}', undefined],
  ['{"act":"resign","place":0.5}', undefined],
  ['{"act":"resign","place":"0"}', undefined],
  ['{"act":"resign"}', undefined],
  ['{"act":"close","place":0}', undefined],
  ['{"act":"kill-server","server":0}', undefined],
  ['{"act":"kill-server","server":4}', undefined],
  ['{"act":"heal"}', undefined],
  ['{"act":["resign"],"place":0}', undefined],
  ["null", undefined],
  ["resign", undefined],
  ["", undefined],
])("takes only a strike that is offered: %s", (json, strike) => {
  expect(strikeFrom(json, powers, 3)).toEqual(strike);
});
