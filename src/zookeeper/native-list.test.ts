import { expect, test } from "vitest";
import type { Address } from "./connect-string.ts";
import { nativeList } from "./native-list.ts";

const [A, B, C] = ["10.0.0.1", "10.0.0.2", "::1"].map((host) => ({ host, port: 2181 })) as [
  Address,
  Address,
  Address,
];

const a = "10.0.0.1:2181";
const b = "10.0.0.2:2181";
const c = "::1:2181";

test.each([
  { of: [A], count: 1, list: [a] },
  { of: [A, B], count: 2, list: [a, b, a] },
  { of: [A, B, C], count: 3, list: [a, b, c] },
  // A user may have named it more than once.
  { of: [A], count: 4, list: [a, a, a, a, a] },
])("$count become $list.length, in their order and by numbers alone", ({ of, count, list }) => {
  expect(nativeList(of, count)).toBe(list.join(","));
});

test("a list that replaces another one has another length", () => {
  expect(nativeList([B, C], 2, `${a},${b},${c}`)).toBe([b, c, b, c, b].join(","));
  expect(nativeList([B], 1, `${a},${b},${c}`)).toBe(b);
  expect(nativeList([A], 1, b)).toBe([a, a, a].join(","));
});
