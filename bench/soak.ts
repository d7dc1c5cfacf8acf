/**
 * A soak: many faults of all kinds under several schemes, in an order drawn from a seed, on one ensemble and in
 * the same threads. The measurements do not matter; what counts is that every verdict stays valid, in any
 * sequence of faults. Run with `yarn bench:soak`; the run is saved, so that its report shows what went wrong.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { schemeNames, schemes } from "../src/election/schemes.ts";
import { type FaultName, faultNames, faults } from "../src/faults/faults.ts";
import { defaultConditions } from "../src/history/conditions.ts";
import { parseSoak, type SoakOptions } from "../src/options/bench-soak.ts";
import { missing, type Offer } from "../src/options/needs.ts";
import { print, warn } from "../src/output.ts";
import { exitCodeOf } from "../src/run/exit-code.ts";
import { runLab } from "../src/run/lab.ts";
import type { RunPlan } from "../src/run/plan.ts";
import type { Observer } from "../src/run/progress.ts";
import type { TrialPlan, Turn } from "../src/run/trial-plan.ts";
import { paintFor } from "../src/terminal/format.ts";
import { summary } from "../src/terminal/summary.ts";
import { interruption, runBench } from "./run-bench.ts";

const SESSION_TIMEOUT_MS = 2000;
const TICK_TIME_MS = 200;
/** The maximum number of faults per turn: fewer mean more changes of scheme. */
const FAULTS_IN_TURN = 4;

/** The drawn turns, and a trial for each drawn pair of a scheme and a fault. */
function draw({ seed, candidates, servers, faults: count }: SoakOptions): {
  readonly trials: readonly TrialPlan[];
  readonly order: readonly Turn[];
} {
  const offer: Offer = {
    ...{ candidates: [candidates], servers: [servers], hosts: ["thread"], perThread: [1] },
    ...{ ensemble: "own", fsync: true },
    timings: [{ sessionTimeoutMs: SESSION_TIMEOUT_MS, tickTimeMs: TICK_TIME_MS }],
  };
  const isPossible = (fault: FaultName) => missing(faults[fault], offer) === null;
  const pairs = schemeNames.flatMap((scheme) =>
    faultNames.filter(isPossible).map((fault) => ({ scheme, fault })),
  );
  const random = xoroshiro128plus(seed);
  const turns: { readonly pair: number; readonly failovers: number }[] = [];
  for (let left = count; left > 0; ) {
    const failovers = Math.min(left, uniformInt(random, 1, FAULTS_IN_TURN));
    turns.push({ pair: uniformInt(random, 0, pairs.length - 1), failovers });
    left -= failovers;
  }
  const drawn = pairs.flatMap((pair, index) => {
    const own = turns.filter((turn) => turn.pair === index);
    return own.length === 0
      ? []
      : { ...pair, index, failovers: own.reduce((sum, one) => sum + one.failovers, 0) };
  });
  const trials = drawn.map(({ scheme, fault, failovers }, place) => ({
    ...defaultConditions,
    trial: place + 1,
    scheme: schemes[scheme],
    schemeSource: { name: scheme },
    fault: faults[fault],
    candidates,
    failovers,
    sessionTimeoutMs: SESSION_TIMEOUT_MS,
    servers,
  }));
  const numberOf = (pair: number) => drawn.findIndex(({ index }) => index === pair) + 1;
  return { trials, order: turns.map(({ pair, failovers }) => ({ trial: numberOf(pair), failovers })) };
}

async function soak(options: SoakOptions, argv: readonly string[]): Promise<number> {
  const { trials, order } = draw(options);
  const plan: RunPlan = {
    command: "soak",
    argv: ["bench:soak", ...argv],
    seed: options.seed,
    out: undefined,
    ensemble: { type: "embedded", tickTimeMs: TICK_TIME_MS, fsync: true },
    election: "soak",
    counter: "guarded",
    cautions: [],
    warmUp: undefined,
    thresholds: [],
    groups: [{ trials, turns: { failovers: FAULTS_IN_TURN, warmUps: 0, order } }],
  };
  let struck = 0;
  const watch: Observer = (progress) => {
    if (progress.type === "caution") warn(progress.words);
    if (progress.type !== "failover") return;
    const { fault, scheme } = progress.plan;
    warn(`fault ${++struck}/${options.faults}: ${fault.name} under ${scheme.name}`);
  };
  const { result, folder, unsaved } = await runLab(plan, [watch], interruption());
  print(summary(result, paintFor(process.stdout), process.stdout.columns));
  if (unsaved !== undefined) throw unsaved;
  print(`${struck} faults in ${order.length} turns; saved in ${folder}`);
  return exitCodeOf(result);
}

await runBench(parseSoak, soak);
