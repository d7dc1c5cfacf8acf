import { describe, expect, test } from "vitest";
import { defaultConditions } from "../history/conditions.ts";
import { LabError } from "../lab-error.ts";
import { appliesTo, mustApply, parseThreshold } from "./threshold.ts";

describe("reading", () => {
  test("a duration's statistic of one scheme", () => {
    expect(parseThreshold("predecessor.failoverMs.p99<50")).toEqual({
      text: "predecessor.failoverMs.p99<50",
      scheme: "predecessor",
      divisor: null,
      filters: {},
      measure: { type: "duration", duration: "totalMs", statistic: "p99" },
      operator: "<",
      limit: 50,
    });
  });

  test("a ratio, conditions, a server's count, and spaces", () => {
    const text =
      " my-scheme/leader[candidates = 50, fault=resign,sessionTimeoutMs=2000].server.lists >= 0.5 ";
    expect(parseThreshold(text)).toMatchObject({
      text: text.trim(),
      scheme: "my-scheme",
      divisor: "leader",
      filters: { candidates: 50, fault: "resign", sessionTimeoutMs: 2000 },
      measure: { type: "server", count: "lists" },
      operator: ">=",
      limit: 0.5,
    });
  });

  test.each(["<", "<=", ">", ">="] as const)("the operator %s", (operator) => {
    expect(parseThreshold(`leader.readsPerFailover${operator}49`)).toMatchObject({
      operator,
      measure: { type: "average", average: "readsPerFailover" },
    });
  });
});

describe("refuses", () => {
  test.each([
    ["", "write it like predecessor.failoverMs.p99<50"],
    ["predecessor", "write it like"],
    ["predecessor.failoverMs.p99", "write it like"],
    ["predecessor.failoverMs.p99=50", "write it like"],
    ["predecessor.failoverMs.p99<", "write it like"],
    ["predecessor.failoverMs.p99<-1", "write it like"],
    ["predecessor.failoverMs.p99<50ms", "write it like"],
    ["predecessor/leader/heir.failoverMs.p99<50", "write it like"],
    ["predecessor.failoverMs.p99<50 and more", "write it like"],
    ["predecessor.failover.p99<50", "there is no measure failover.p99; choose from failoverMs"],
    ["predecessor.failoverMs.p95<50", "there is no measure failoverMs.p95"],
    ["predecessor.failoverMs<50", "each with .n .min .p50 .p90 .p99 .max .mad"],
    ["predecessor.server.pongs<50", "server.packetsSent"],
    ["predecessor[].failoverMs.p99<50", "in the brackets, write candidates=N"],
    ["predecessor[n=50].failoverMs.p99<50", "in the brackets, write candidates=N"],
    ["predecessor[candidates=5.5].failoverMs.p99<50", "give candidates as a whole number"],
    ["predecessor[candidates=5,candidates=6].failoverMs.p99<50", "candidates is in the brackets twice"],
  ])("%s", (text, advice) => {
    expect(() => parseThreshold(text)).toThrow(LabError);
    expect(() => parseThreshold(text)).toThrow(`--ensure '${text}': `);
    expect(() => parseThreshold(text)).toThrow(advice);
  });

  test("as wrong usage, and without disturbing the terminal", () => {
    expect(() => parseThreshold("\u001b[31m")).toThrow('--ensure "\\u001b[31m": ');
    expect(() => parseThreshold("x")).toThrow(expect.objectContaining({ code: "usage" }));
  });
});

describe("a threshold applies", () => {
  const planned = [
    { ...defaultConditions, scheme: "predecessor" },
    { ...defaultConditions, scheme: "leader", candidates: 10 },
    { ...defaultConditions, scheme: "predecessor", candidates: 10 },
  ];
  const applies = (text: string) => appliesTo(parseThreshold(text), planned);

  test("to a planned trial of its scheme and conditions", () => {
    expect(applies("predecessor.failoverMs.p50<50")).toBe(true);
    expect(applies("predecessor[candidates=50,fault=resign].failoverMs.p50<50")).toBe(true);
    expect(applies("leader[candidates=50].failoverMs.p50<50")).toBe(false);
    expect(applies("leader[fault=close].failoverMs.p50<50")).toBe(false);
    const tuned = { ...defaultConditions, scheme: "predecessor", fault: "slow:at=60%:for=2.5T" };
    expect(
      appliesTo(parseThreshold("predecessor[fault=slow:at=60%:for=2.5T].failoverMs.p50<50"), [tuned]),
    ).toBe(true);
    expect(appliesTo(parseThreshold("predecessor[fault=slow].failoverMs.p50<50"), [tuned])).toBe(false);
    expect(applies("leader[sessionTimeoutMs=1].failoverMs.p50<50")).toBe(false);
    expect(applies("heir.failoverMs.p50<50")).toBe(false);
  });

  test("as a ratio if both schemes run under the same conditions", () => {
    expect(applies("leader/predecessor.failoverMs.p50>2")).toBe(true);
    expect(applies("predecessor/leader[candidates=50].failoverMs.p50>2")).toBe(false);
    expect(applies("leader/heir.failoverMs.p50>2")).toBe(false);
  });

  test("or else it is wrong usage, and says what there is", () => {
    const threshold = parseThreshold("heir.failoverMs.p50<50");
    expect(() => mustApply(threshold, planned)).toThrow(expect.objectContaining({ code: "usage" }));
    expect(() => mustApply(threshold, planned)).toThrow(
      "--ensure 'heir.failoverMs.p50<50': it applies to no trial of this run; there are predecessor[candidates=50,fault=resign,sessionTimeoutMs=4000,delay=none,servers=1,host=thread,perThread=1,join=by-list], leader[",
    );
    expect(() => mustApply(threshold, [...planned, ...planned])).toThrow("and 2 more");
    expect(() => mustApply(parseThreshold("leader.failoverMs.p50<50"), planned)).not.toThrow();
  });
});

test("a delay in the brackets may be written in any of its forms", () => {
  expect(parseThreshold("heir[delay=20+-5].failoverMs.p50<50").filters).toEqual({ delay: "20ms±5ms" });
});
