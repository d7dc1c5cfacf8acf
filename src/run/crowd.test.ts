/** What a crowd costs, measured on a real server. */
import { expect, test } from "vitest";
import { schemes } from "../election/schemes.ts";
import { PLAIN, runAll, trialsShareAServer } from "../testing/trial-runs.ts";

trialsShareAServer();

test("a trial that is to measures what its candidates cost, whoever started them", async () => {
  const rested = { ...PLAIN, candidates: 12, failovers: 1, restMs: 200 };
  const [first, herd, other] = await runAll([
    rested,
    { ...rested, scheme: schemes.children, schemeSource: { name: "children" } },
    { ...PLAIN, candidates: 12, failovers: 1 },
  ]);
  for (const history of [first, herd]) {
    const crowd = history?.observations?.crowd;
    // Twelve creations, and twelve lists of half of all on average; at most what ten times as many need.
    expect(crowd?.joinResponseBytes).toBeGreaterThan(12 * 6 * 49);
    expect(crowd?.joinResponseBytes).toBeLessThan(120 * 120 * 49);
    expect(crowd?.joinServerCpuMs).toBeGreaterThan(0);
    // A small crowd joins again and again, and is measured when its code has run for a while.
    expect(crowd?.joins?.length).toBeGreaterThan(1);
    for (const { serverCpuMs, labCpuMs, responseBytes } of crowd?.joins ?? []) {
      expect(serverCpuMs).toBeGreaterThan(0);
      expect(labCpuMs).toBeGreaterThan(0);
      expect(responseBytes).toBeGreaterThan(12 * 6 * 49);
    }
    const enrolments = history?.events.filter(({ type }) => type === "enrolled").length ?? 0;
    expect(12 * (enrolments - (crowd?.joins?.length ?? 0))).toBeGreaterThanOrEqual(288);
    expect(crowd?.restMs).toBeGreaterThan(190);
    expect(crowd?.restLabCpuMs).toBeGreaterThan(0);
    expect(crowd?.watches).toBe(12);
    // A JVM of its own makes some megabytes, and a session some ten kilobytes.
    expect(crowd?.sessionsHeapBytes).toBeGreaterThan(1e6);
    expect(crowd?.settledHeapBytes).toBeLessThan(100e6);
  }
  expect(first?.observations?.enrolment).not.toBeNull();
  expect(other?.observations?.crowd).toBeUndefined();
}, 60_000);
