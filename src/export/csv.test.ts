import { expect, test } from "vitest";
import { countedFailover, sampleResult, sampleTrial } from "../testing/samples.ts";
import { csv } from "./csv.ts";

const lines = (text: string) => text.split("\n");

test("a row for each failover of each trial, and its trial's conditions in it", () => {
  const trials = [sampleTrial(), sampleTrial({ trial: 2, scheme: "leader", failovers: [countedFailover()] })];
  expect(lines(csv(sampleResult({ trials })))).toEqual([
    "trial,scheme,candidates,fault,sessionTimeoutMs,delay,servers,host,perThread,join,counter,failover,end,atMs,victim,successor,totalMs,detectionMs," +
      "notificationMs,takeoverMs,settledMs,returnMs,overlapMs,unsafeMs,staleWrites.attempted,staleWrites.accepted,notifications,announcements,leaders,reads,disconnects,busyMs,pulseMs,lookMs,gapMs,heldMs,outlier,server.packetsSent," +
      "server.packetsReceived,server.responseBytes,server.watchBytes,server.deletedWatches," +
      "server.childrenWatches,server.dataReads,server.readRequests,server.lists,server.pings," +
      "server.readLatencyMs,server.updateLatencyMs,server.fsyncMs,server.outstandingRequests,server.cpuMs,server.gcPauseMs",
    "1,predecessor,50,resign,4000,none,1,thread,1,by-list,none,1,settled,1000.000001,0,1,2,1,0.25,0.75,2.5,,0,0,,,1,0,1,1,0,1,1.5,,,,false,6,2,441,130,1,0,0,1,1,0,0.4,0.8,1,0,10,",
    "1,predecessor,50,resign,4000,none,1,thread,1,by-list,none,2,settled,1100,0,1,4,1,0.25,0.75,4,,0,0,,,1,0,1,1,0,1,1.5,,,,false,6,2,441,130,1,0,0,1,1,0,0.4,0.8,1,0,10,",
    "2,leader,50,resign,4000,none,1,thread,1,by-list,none,1,settled,1000.000001,0,1,2,1,0.25,0.75,2.5,,0,0,,,1,0,1,1,0,1,1.5,,,,false,6,2,441,130,1,0,0,1,1,0,0.4,0.8,1,0,10,",
    "",
  ]);
});

test("what is not known is empty", () => {
  const failover = countedFailover({
    end: null,
    atMs: Number.NaN,
    successor: null,
    totalMs: null,
    detectionMs: null,
    notificationMs: null,
    takeoverMs: null,
    settledMs: null,
    overlapMs: null,
    unsafeMs: null,
    server: null,
  });
  const text = csv(sampleResult({ trials: [sampleTrial({ failovers: [failover] })] }));
  expect(lines(text)[1]).toBe(
    `1,predecessor,50,resign,4000,none,1,thread,1,by-list,none,1,,,0,,,,,,,,,,,,1,0,1,1,0,1,1.5,,,,false${",".repeat(16)}`,
  );
});

test("an outlier is marked", () => {
  const trial = sampleTrial();
  const text = csv(sampleResult({ trials: [{ ...trial, summary: { ...trial.summary, outliers: [2] } }] }));
  const [head = "", ...rows] = lines(text);
  const column = head.split(",").indexOf("outlier");
  expect(rows.map((row) => row.split(",")[column])).toEqual(["false", "true", undefined]);
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])("the name %j is no formula", (scheme) => {
  const text = csv(sampleResult({ trials: [sampleTrial({ scheme })] }));
  expect(lines(text)[1]).toMatch(/^1,"?'/);
});

test("a negative number stays a number", () => {
  const { server } = countedFailover();
  const failover = countedFailover({ server: server && { ...server, packetsSent: -1 } });
  const text = csv(sampleResult({ trials: [sampleTrial({ failovers: [failover] })] }));
  expect(lines(text)[1]).toContain(",false,-1,2,441,");
});

test("commas, quotes and newlines stay inside their cell", () => {
  const text = csv(
    sampleResult({ trials: [sampleTrial({ scheme: 'a,"b"\nc', failovers: [countedFailover()] })] }),
  );
  expect(text).toContain('1,"a,""b""\nc",50,');
});

test("without trials there is the header alone", () => {
  expect(lines(csv(sampleResult({ trials: [] })))).toHaveLength(2);
});
