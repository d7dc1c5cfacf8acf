import { describe, expect, test } from "vitest";
import { toldOf } from "../history/conditions.ts";
import { sampleResult, sampleTrial } from "../testing/samples.ts";
import { ensembleSentences, leadersText, serverCount, setUpParts } from "./ensemble-text.ts";

const onThree = (candidates: number, leader: number | null, shares: number[], failover?: number) =>
  sampleTrial({
    ...{ servers: 3, candidates },
    ensemble: {
      leader,
      leaderChanges: failover === undefined ? [] : [{ failover, leader: 1 }],
      candidatesPerServer: shares,
    },
  });

describe("of the servers is told", () => {
  const sentencesOf = (...trials: Parameters<typeof ensembleSentences>[0]) =>
    ensembleSentences(trials, toldOf(trials));

  test("nothing if there was only one, or they were a user's own", () => {
    expect(sentencesOf(sampleTrial(), sampleTrial({ servers: 3 }))).toEqual([]);
  });

  test("who led, and how many candidates each one served, if all trials were alike", () => {
    const alike = onThree(5, 2, [2, 2, 1]);
    expect(sentencesOf(sampleTrial(), alike, alike)).toEqual([
      "The 3 servers were led by server 2, and served 2, 2 and 1 candidates.",
    ]);
    expect(sentencesOf(alike, onThree(6, 3, [2, 2, 2]))).toEqual([
      "The 3 servers were led by server 2, then server 3.",
    ]);
    expect(sentencesOf(onThree(3, null, [1, 1, 1]))[0]).toContain("led by nobody, and");
  });

  test("in a table, who led in a trial, as long as that is short", () => {
    const record = (changes: readonly (number | null)[]) => ({
      ...{ leader: 3, candidatesPerServer: null },
      leaderChanges: changes.map((leader, index) => ({ failover: index + 1, leader })),
    });
    expect(leadersText(null)).toBeNull();
    expect(leadersText(record([]))).toBe("server 3");
    expect(leadersText(record([2, null, 1]))).toBe("server 3, then server 2, then nobody, then server 1");
    expect(leadersText(record([2, 3, 2, 3]))).toBe("server 3, then 4 changes");
  });

  test("each trial in which another one came to lead", () => {
    expect(sentencesOf(onThree(5, 2, [2, 2, 1], 4))[1]).toBe(
      "predecessor, 5 candidates, resign, 3 servers: the servers' leader became server 1 after failover 4.",
    );
  });
});

test("the number of servers is that of the trials", () => {
  const { environment } = sampleResult();
  expect(serverCount({ environment, trials: [] })).toBe("1 server");
  expect(serverCount({ environment, trials: [onThree(3, 1, [1, 1, 1]), sampleTrial()] })).toBe(
    "1 and 3 servers",
  );
});

test("only what is unusual about the servers is told", () => {
  const { environment } = sampleResult();
  expect(setUpParts(environment)).toEqual([]);
  const server = { ...environment.server, jvmOptions: ["-Xmx1g"], zooCfg: ["snapCount=9"] };
  expect(setUpParts({ ...environment, server: { ...server, spread: "leader" } })).toEqual([
    "candidates on the servers' leader",
    "-Xmx1g",
    "snapCount=9",
  ]);
});
