import { expect, test } from "vitest";
import { schemes } from "./schemes.ts";
import { countsOfChurn, countsOfReturn } from "./turnover.ts";

test.each([
  { scheme: "predecessor", ends: [0, 0], told: [0, 0] },
  { scheme: "leader", ends: [0, 0], told: [0, 0] },
  // Of five, the first may be told four times, the second three times, and so on.
  { scheme: "children", ends: [0, 10], told: [0, 0] },
  { scheme: "heir", ends: [0, 0], told: [0, 1] },
] as const)("$scheme: when all five come back", ({ scheme, ends: [least, most], told }) => {
  const counts = countsOfReturn(schemes[scheme], 5);
  expect(counts).toEqual({
    notifications: { least, most },
    announcements: { least: told[0], most: told[1] },
  });
});

test.each([
  // The second and the fourth wait for one that goes.
  { scheme: "predecessor", ends: [2, 3], told: [0, 0] },
  { scheme: "leader", ends: [2, 12], told: [0, 0] },
  { scheme: "children", ends: [2, 24], told: [0, 0] },
  { scheme: "heir", ends: [2, 3], told: [0, 3] },
] as const)(
  "$scheme: when every other one of five goes and comes back",
  ({ scheme, ends: [least, most], told }) => {
    const counts = countsOfChurn(schemes[scheme], { contenders: 5, positions: [0, 2, 4] });
    expect(counts).toEqual({
      notifications: { least, most },
      announcements: { least: told[0], most: told[1] },
    });
  },
);
