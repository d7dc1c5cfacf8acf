import { expect, test } from "vitest";
import { axes } from "./conditions.ts";
import { parseDelay, wanDelays } from "./delay.ts";

test.each([
  ["20ms", "20ms"],
  ["20", "20ms"],
  ["20ms±5ms", "20ms±5ms"],
  ["20±5", "20ms±5ms"],
  ["20ms+-5ms", "20ms±5ms"],
  ["20ms +/- 5ms", "20ms±5ms"],
  ["20ms±0", "20ms"],
  ["1.5", "1.5ms"],
  ["0", "none"],
  ["none", "none"],
])("%s is the delay %s", (text, name) => {
  expect(axes.delay.canonical(text)).toBe(name);
  expect(axes.delay.canonical(name)).toBe(name);
});

test.each(["", "fast", "-5", "20s", "20±30", "10001", "±5", "20ms±5ms±5ms"])("%s is none", (text) => {
  expect(axes.delay.canonical(text)).toBeNull();
});

test("each profile's name in a result is the delay itself", () => {
  for (const name of Object.values(wanDelays)) expect(axes.delay.canonical(name)).toBe(name);
  expect(parseDelay(wanDelays["eu-us"])).toEqual({ ms: 38, jitterMs: 0 });
});
