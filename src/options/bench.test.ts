import { describe, expect, test } from "vitest";
import { schemeNames } from "../election/schemes.ts";
import { faults, faultsToFence } from "../faults/faults.ts";
import { LabError } from "../lab-error.ts";
import { axisLists } from "./axes.ts";
import { parseBench } from "./bench.ts";
import { grid, quickGrid } from "./grid.ts";
import { inTurns, ours } from "./groups.ts";
import { parseReport } from "./report.ts";
import type { MeasureOptions } from "./run-flags.ts";

async function bench(...args: string[]): Promise<MeasureOptions> {
  const options = await parseBench(args);
  if (options.type !== "measure") throw new Error(`these are no options but ${options.type}`);
  return options;
}

async function refusal(parsing: Promise<unknown>): Promise<string> {
  const error = await parsing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof LabError)) throw new Error(`not refused: ${String(error)}`);
  expect(error.code).toBe("usage");
  return error.message;
}

describe("the grid", () => {
  test("is the predefined one by default", async () => {
    expect((await bench()).plan.groups).toEqual(inTurns(grid));
    expect((await bench("--quick")).plan.groups).toEqual(inTurns(quickGrid));
  });

  test("other schemes and another number of failovers keep its shape", async () => {
    const { plan } = await bench("--quick", "--scheme", "predecessor", "--failovers", "7");
    const own = quickGrid.map((axes) => ({ ...axes, schemes: ours("predecessor"), failovers: 7 }));
    expect(plan.groups).toEqual(inTurns(own));
  });

  test("is measured on each number of servers, one after the other", async () => {
    const { plan } = await bench("--quick", "--servers", "3,1");
    const on = (servers: number) => quickGrid.map((axes) => ({ ...axes, servers: [servers] }));
    expect(plan.groups).toEqual(inTurns([...on(3), ...on(1)]));
  });

  test("lists multiply instead, as soon as one says how many, which fault or which timeout", async () => {
    const lists = await bench("--candidates", "5,100", "--fault", "resign,freeze");
    expect(lists.plan.groups).toEqual(
      inTurns([
        {
          ...axisLists({}),
          candidates: [5, 100],
          schemes: ours(...schemeNames),
          fault: [faults.resign, faults.freeze],
          failovers: 30,
        },
      ]),
    );
    const timeouts = await bench("--session-timeout", "1000,2000", "--scheme", "leader");
    const leader = { ...axisLists({}), schemes: ours("leader"), failovers: 30 };
    expect(timeouts.plan.groups).toEqual(inTurns([{ ...leader, sessionTimeoutMs: [1000, 2000] }]));
  });
});

test("without a fence, some fault of the grid must leave an old leader behind", async () => {
  expect(await bench("--no-fence")).toMatchObject({ plan: { counter: "unguarded" } });
  expect(await refusal(parseBench(["--no-fence", "--fault", "close"]))).toContain(
    `add --fault ${faultsToFence.join(" or ")}`,
  );
});

describe("thresholds", () => {
  test("may be several", async () => {
    const {
      plan: { thresholds },
    } = await bench(
      ...["--ensure", "predecessor.failoverMs.p99<50", "--ensure", "leader/predecessor.failoverMs.p50>2"],
    );
    expect(thresholds.map(({ text }) => text)).toEqual([
      "predecessor.failoverMs.p99<50",
      "leader/predecessor.failoverMs.p50>2",
    ]);
  });

  test.each([
    "predecessor.failoverMs.p98<50",
    "predecessor.latency<50",
    "predecessor.failoverMs.p99",
    "hare.failoverMs.p99<50",
    "predecessor[candidates=7].failoverMs.p99<50",
  ])("%s is refused before anything starts", async (text) => {
    expect(await refusal(parseBench(["--ensure", text]))).toContain(`--ensure '${text}': `);
  });
});

describe("other work", () => {
  test("a resumed run is as it was", async () => {
    expect(await parseBench(["--resume", "runs/x", "--quiet", "--open"])).toEqual({
      type: "resume",
      run: "runs/x",
      json: false,
      quiet: true,
      open: true,
    });
    expect(await refusal(parseBench(["--resume", "runs/x", "--seed", "2"]))).toBe(
      "--resume takes everything else from the run itself; leave --seed out",
    );
  });

  test("advice, with or without a saved run", async () => {
    expect(await parseBench(["--plan", "--target-failover", "3000", "runs/x"])).toEqual({
      type: "advice",
      targetMs: 3000,
      candidates: 50,
      run: "runs/x",
    });
    expect(await parseBench(["--plan", "--target-failover", "3000", "--candidates", "9"])).toMatchObject({
      candidates: 9,
      run: undefined,
    });
  });

  test("a report needs a run, and an output for several runs", async () => {
    expect(await parseReport(["runs/a"])).toMatchObject({ type: "report", runs: ["runs/a"], out: undefined });
    expect(await parseReport(["a", "b", "--out", "c.html"])).toMatchObject({
      runs: ["a", "b"],
      out: "c.html",
    });
  });
});

test.each([
  [["--quick", "--candidates", "5"], "--quick has its own grid; leave it out, or --candidates"],
  [["runs/x"], "runs/x: a run is only for --plan, --compare or --resume"],
  [["--target-failover", "3000"], "--target-failover needs --plan; add that, or leave this out"],
  [["--plan"], "--plan: give --target-failover, the milliseconds that a failover may take"],
  [["--plan", "--target-failover", "3s"], "--target-failover 3s: give a whole number from 1 to 86400000 ms"],
  [["--plan", "--target-failover", "9", "--seed", "1"], "--plan measures nothing; leave --seed out"],
  [["--plan", "--target-failover", "9", "a", "b"], "--plan takes the measurements of one run; name only one"],
  [["--json", "--export-csv", "-"], "--json takes stdout for itself; name a file for the export"],
  [
    ["--export-csv", "-", "--export-trace", "-"],
    "only one export can go to stdout; name files for the others",
  ],
  [
    ["--tick-time", "3000"],
    "--session-timeout 4000: give a whole number from 6000 to 600000 ms, " +
      "the range that a server with --tick-time 3000 grants",
  ],
  [["--ensure"], "--ensure: a value is missing; see yarn bench --help"],
])("refuses %j", async (args, message) => {
  expect(await refusal(parseBench(args))).toBe(message);
});

test.each([
  [[], "yarn report: name the folder of a run, as in runs/…"],
  [["a", "b"], "yarn report: give --out FILE for the report of several runs"],
  [["a", "b", "--out", "c", "--export-csv", "-"], "yarn report: exports are for one run; name only one"],
  [
    ["a", "--out", "/dev/stdout", "--open"],
    "yarn report: --open shows a file, and --out - writes to stdout; leave one of them out",
  ],
])("a report refuses %j", async (args, message) => {
  expect(await refusal(parseReport(args))).toBe(message);
});
