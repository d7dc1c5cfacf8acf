import { expect, test } from "vitest";
import type { Fault } from "./fault.ts";
import { faultNamed, faults } from "./faults.ts";

const tuned = Object.values<Fault>(faults).filter(({ tuning }) => tuning !== undefined);

test.each(tuned)("$name with a time of its own is itself, and known by its name", (fault) => {
  const own = faultNamed(`${fault.name}:for=1234ms`);
  expect(own?.name).toBe(`${fault.name}:for=1234ms`);
  expect(own?.summary).toBe(fault.summary);
  expect(own?.positions(9)).toEqual(fault.positions(9));
});

test.each(["cut:for=2", "cut:", "quake:for=2T", ""])("%j is no fault's name", (name) => {
  expect(faultNamed(name)).toBe(undefined);
});
