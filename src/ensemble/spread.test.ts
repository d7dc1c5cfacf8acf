import { describe, expect, test } from "vitest";
import { spreadOver } from "./spread.ts";

/** The last one leads. */
const ensembleOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `zk${index + 1}`, leads: index === count - 1 }));

const namesFor = (count: number, ...[spread, client]: [Parameters<typeof spreadOver>[1], number]) =>
  spreadOver(ensembleOf(count), spread, client).map(({ name }) => name);

const counts = (items: readonly string[]) =>
  [...new Set(items)].map((one) => items.filter((item) => item === one).length);

test.each([1, 3, 5])(
  "clients spread evenly over %i servers, and where one has gone over the rest",
  (count) => {
    const servers = ensembleOf(count).map(({ name }) => name);
    const clients = Math.max(1, count * (count - 1));
    const orders = Array.from({ length: clients }, (_, client) => namesFor(count, "even", client));
    for (const order of orders) expect(order.toSorted()).toEqual(servers);
    expect(counts(orders.map(([first]) => String(first)))).toEqual(servers.map(() => clients / count));
    expect(new Set(counts(orders.map(([first, second]) => `${first} ${second}`)))).toEqual(new Set([1]));
  },
);

test("the first client has them in their order", () => {
  expect(namesFor(3, "even", 0)).toEqual(["zk1", "zk2", "zk3"]);
  expect(spreadOver([], "even", 3)).toEqual([]);
});

describe("by role", () => {
  const clients = [0, 1, 2, 3];

  test("all try the leader first, and then the others evenly", () => {
    const orders = clients.map((client) => namesFor(3, "leader", client));
    expect(orders.map(([first]) => first)).toEqual(["zk3", "zk3", "zk3", "zk3"]);
    expect(counts(orders.map(([, second]) => String(second)))).toEqual([2, 2]);
  });

  test("all try the followers first and evenly, and the leader last", () => {
    const orders = clients.map((client) => namesFor(3, "followers", client));
    expect(counts(orders.map(([first]) => String(first)))).toEqual([2, 2]);
    expect(orders.map((order) => order.at(-1))).toEqual(["zk3", "zk3", "zk3", "zk3"]);
  });
});
