import { expect, test } from "vitest";
import { spread } from "./spread.ts";

const counts = (items: readonly string[]) =>
  [...new Set(items)].map((one) => items.filter((item) => item === one).length);

test.each([1, 3, 5])(
  "clients spread evenly over %i servers, and where one has gone over the rest",
  (count) => {
    const servers = Array.from({ length: count }, (_, index) => `zk${index + 1}`);
    const clients = Math.max(1, count * (count - 1));
    const orders = Array.from({ length: clients }, (_, client) => spread(servers, client));
    for (const order of orders) expect(order.toSorted()).toEqual(servers);
    expect(counts(orders.map(([first]) => String(first)))).toEqual(servers.map(() => clients / count));
    expect(new Set(counts(orders.map(([first, second]) => `${first} ${second}`)))).toEqual(new Set([1]));
  },
);

test("the first client has them in their order", () => {
  expect(spread(["a", "b", "c"], 0)).toEqual(["a", "b", "c"]);
  expect(spread([], 3)).toEqual([]);
});
