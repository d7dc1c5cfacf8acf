/**
 * A soak: many faults of all kinds under several schemes, in an order that a seed draws, on one
 * ensemble and in the same threads. Nothing is measured for its own sake; what counts is that every
 * verdict stays valid, whatever comes after whatever. Run with `yarn bench:soak`; the run is saved,
 * so that its report shows what went wrong.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { worst } from "../src/checkers/checker.ts";
import { judgeRemains } from "../src/checkers/cleanup.ts";
import { type SchemeName, schemeNames } from "../src/election/scheme.ts";
import { startEmbedded } from "../src/ensemble/embedded.ts";
import { Scratch } from "../src/ensemble/scratch.ts";
import { environmentOf } from "../src/environment.ts";
import { RunFolder } from "../src/export/run-folder.ts";
import { resultOf, trialResult } from "../src/export/trial-result.ts";
import { type FaultName, faultNames, faults } from "../src/faults/fault.ts";
import type { History } from "../src/history/history.ts";
import { gitHead, version } from "../src/installation.ts";
import { exitCodes } from "../src/lab-error.ts";
import { print, warn } from "../src/output.ts";
import { ours } from "../src/plan.ts";
import { paintFor } from "../src/terminal/format.ts";
import { summary } from "../src/terminal/summary.ts";
import { runTrials, SUSPENDED, type Turn } from "../src/trial.ts";
import { parseSoak, type SoakOptions } from "./options/soak.ts";
import { interruption, runBench } from "./run-bench.ts";

const SESSION_TIMEOUT_MS = 2000;
const TICK_TIME_MS = 200;
/** In one turn, at the most: the fewer, the more changes of scheme. */
const FAULTS_IN_TURN = 4;

interface Pair {
  readonly trial: number;
  readonly scheme: SchemeName;
  readonly fault: FaultName;
}

/** Every pair of a scheme and a fault, and the turns that are drawn of them. */
function draw({ seed, faults: count }: SoakOptions): {
  readonly pairs: readonly Pair[];
  readonly order: Turn[];
} {
  const random = xoroshiro128plus(seed);
  const pairs = schemeNames
    .flatMap((scheme) => faultNames.map((fault) => ({ scheme, fault })))
    .map((pair, index) => ({ ...pair, trial: index + 1 }));
  const order: Turn[] = [];
  for (let left = count; left > 0; ) {
    const failovers = Math.min(left, uniformInt(random, 1, FAULTS_IN_TURN));
    order.push({ trial: uniformInt(random, 1, pairs.length), failovers });
    left -= failovers;
  }
  return { pairs: pairs.filter(({ trial }) => order.some((turn) => turn.trial === trial)), order };
}

async function soak(options: SoakOptions, argv: readonly string[]): Promise<number> {
  const signal = interruption();
  const { pairs, order } = draw(options);
  const startedAt = new Date().toISOString();
  const runId = `${startedAt.replace(/[:.]/g, "-")}-soak`;
  const folder = await RunFolder.create(`runs/${runId}`);
  const scratch = await Scratch.create();
  const ensemble = await startEmbedded(scratch, { tickTimeMs: TICK_TIME_MS, fsync: true, runId });
  const environment = environmentOf(ensemble);
  const origin = process.hrtime.bigint();
  const trials = pairs.flatMap(({ trial, scheme, fault }) =>
    ours(scheme).map(({ scheme, source }) => ({
      trial,
      scheme,
      schemeSource: source,
      fault: faults[fault],
      candidates: options.candidates,
      failovers: order.reduce((sum, turn) => sum + (turn.trial === trial ? turn.failovers : 0), 0),
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      electionName: "soak",
      scratchFolder: scratch.folder,
      origin,
    })),
  );
  let struck = 0;
  let histories: History[];
  try {
    const turns = { failovers: FAULTS_IN_TURN, warmUps: 0, order };
    histories = await runTrials(
      ensemble,
      trials,
      turns,
      (trial, progress) => {
        if (progress.type !== "failover") return;
        const pair = pairs.find((one) => one.trial === trial);
        warn(`fault ${++struck}/${options.faults}: ${pair?.fault} under ${pair?.scheme}`);
      },
      signal,
    );
  } finally {
    await ensemble.close();
    await scratch[Symbol.asyncDispose]();
  }
  const results = histories.map((history) => {
    const result = trialResult(history, options.seed, environment);
    const cleanup = history.remains && judgeRemains({ ...history.remains, ...scratch.remains() });
    return { ...result, verdicts: { ...result.verdicts, ...(cleanup && { cleanup }) } };
  });
  const failed = results.some(({ state }) => state === "errored");
  const cutShort = signal.aborted || histories.some(({ observations }) => observations?.end === SUSPENDED);
  const run = {
    command: "soak",
    argv: ["bench:soak", ...argv],
    startedAt,
    state: cutShort ? "interrupted" : failed ? "failed" : "completed",
    seed: options.seed,
    // Trials have the numbers of all pairs; a short soak has no turn of some.
    plannedTrials: schemeNames.length * faultNames.length,
    version,
    git: gitHead(),
  } as const;
  const result = resultOf(run, environment, results);
  for (const history of histories) await folder.appendHistory(history);
  await folder.save(result);
  print(summary(result, paintFor(process.stdout), process.stdout.columns));
  print(`${struck} faults in ${order.length} turns; saved in ${folder.path}`);
  const verdict = worst(results.flatMap(({ verdicts }) => Object.values(verdicts)));
  if (verdict === false) return exitCodes.falseVerdict;
  if (cutShort) return exitCodes.interrupted;
  if (failed) return exitCodes.internal;
  return verdict === true ? exitCodes.fine : exitCodes.unknownVerdict;
}

await runBench(parseSoak, soak);
