import { expect, test } from "vitest";
import { sampleResult, sampleStatistics, sampleTrial } from "../src/testing/samples.ts";
import { peerTable } from "./peer-table.ts";

const heir = { name: "heir", version: null } as const;
const kazoo = { name: "kazoo-election", version: "kazoo 2.11.0" } as const;

function trial(name: string, fault: string, candidates: number, changes: Parameters<typeof sampleTrial>[0]) {
  const host = name === "heir" ? "process" : "program";
  return sampleTrial({ scheme: name, host, fault, candidates, sessionTimeoutMs: 2000, ...changes });
}

function summary(p50: number, old: number | null = null) {
  return {
    ...sampleTrial().summary,
    failoverMs: sampleStatistics({ p50 }),
    notificationsPerFailover: 1,
    readsPerFailover: 0,
    overlapMs: old === null ? null : sampleStatistics({ max: old }),
    unsafeMs: old === null ? null : sampleStatistics({ max: 0 }),
  };
}

test("each implementation has a row, with its medians, its herd, its old leaders and its verdicts", () => {
  const { verdicts } = sampleTrial();
  const trials = [
    trial("heir", "resign", 4, { summary: summary(1.25) }),
    trial("kazoo-election", "resign", 4, { summary: summary(3.5) }),
    trial("heir", "resign", 12, { summary: summary(1.5) }),
    trial("heir", "pause", 4, { trial: 4, summary: summary(2100, 12.34) }),
    trial("kazoo-election", "pause", 4, {
      ...{ state: "errored", reason: "it does not settle", summary: summary(2000) },
      verdicts: { ...verdicts, singleLeader: { valid: false, evidence: [] } },
    }),
  ];
  const table = peerTable(sampleResult({ trials }), [heir, kazoo], new Map([[4, 0.5]]), [
    "go-lock is left out: no go on PATH",
  ]);
  const cells = (start: string) =>
    table
      .split("\n")
      .find((row) => row.startsWith(`| ${start}`))
      ?.split("|")
      .map((cell) => cell.trim())
      .slice(2, -1);
  expect(cells("implementation")?.slice(0, 3)).toEqual(["resign, N = 4", "resign, N = 12", "pause, N = 4"]);
  expect(cells("`heir`")).toEqual([
    ...["1.25", "1.50", "2100", "1", "0", "571", "1", "0", "571"],
    "pause: 12.3, unsafe 0.00",
    "0.50",
    "all valid",
  ]);
  expect(cells("`kazoo-election`")).toEqual([
    ...["3.50", "–", "2000", "1", "0", "571", "–", "–", "–", "–", "–"],
    "pause: errored, singleLeader FALSE",
  ]);
  expect(table).toContain("- `kazoo-election`: kazoo 2.11.0");
  expect(table).toContain("- `kazoo-election` under pause, N = 4: errored, it does not settle");
  expect(table).toMatch(/go-lock is left out: no go on PATH$/);
});
