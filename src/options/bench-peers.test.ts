import { expect, test } from "vitest";
import { parsePeers } from "./bench-peers.ts";

async function planned(...args: readonly string[]) {
  const options = await parsePeers(args);
  if (options.type === "words") throw new Error(options.words);
  return options.groups.flatMap(({ trials, turns }) =>
    trials.map(({ scheme, host, fault, candidates, failovers }) => ({
      ...{ scheme: scheme.name, host, fault: fault.name, candidates, failovers },
      warmUps: turns.warmUps,
    })),
  );
}

const OURS = "--peer=heir,heir-with-will";

test("the first fault strikes every number of candidates, the others only the first, a fifth as often", async () => {
  const heir = { scheme: "heir", host: "process" };
  const will = { scheme: "heir", host: "process-with-will" };
  const resign = { fault: "resign", failovers: 10 };
  const kill = { fault: "kill", candidates: 3, failovers: 2, warmUps: 0 };
  expect(await planned(OURS, "--fault=resign,kill", "--candidates=3,6", "--failovers=10")).toEqual([
    { ...heir, ...resign, candidates: 3, warmUps: 3 },
    { ...will, ...resign, candidates: 3, warmUps: 3 },
    { ...heir, ...resign, candidates: 6, warmUps: 6 },
    { ...will, ...resign, candidates: 6, warmUps: 6 },
    { ...heir, ...kill },
    { ...will, ...kill },
  ]);
});

test("a will makes a killed process known at once", async () => {
  const options = await parsePeers([OURS, "--fault=kill"]);
  if (options.type === "words") throw new Error(options.words);
  const silent = options.groups.flatMap(({ trials }) => trials.map(({ fault }) => fault.fallsSilent));
  expect(new Set(silent)).toEqual(new Set([true, false]));
});

test.each([
  [["--peer", "raft"], /^--peer raft: choose from heir, /],
  [["--peer", "heir", "--write"], /^--write is for the whole table; leave --peer out$/],
  [[OURS, "--fault", "freeze"], /^--fault freeze: its candidates have to be threads/],
  [[OURS, "--fault", "server-kill"], /^--fault server-kill: /],
  [[OURS, "--candidates", "1"], /^--candidates 1: /],
])("%j is refused", async (args, words) => {
  await expect(parsePeers(args)).rejects.toThrow(words);
});
