import { expect, test } from "vitest";
import { declared } from "./palette.ts";

/** WCAG's formula. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test.each(["light", "dark"] as const)("every mark has a contrast of 3 to the paper in %s mode", (mode) => {
  const colours = new Map(
    [...declared(mode).matchAll(/--(\w+): (#\w+);/g)].map(([, ink, hex]) => [ink, hex]),
  );
  const paper = luminance(colours.get("paper") ?? "");
  const marks = [
    "predecessor",
    "leader",
    "children",
    "heir",
    "other",
    "detection",
    "notification",
    "takeover",
  ];
  const faint = marks.filter((ink) => {
    const mark = luminance(colours.get(ink) ?? "");
    return (Math.max(mark, paper) + 0.05) / (Math.min(mark, paper) + 0.05) < 3;
  });
  expect(faint).toEqual([]);
});
