/**
 * The final result of a run, as stored in `result.json`: a contract with other programs. Fields may be added
 * but are never renamed. Times are milliseconds, sizes bytes.
 */
import { verdict } from "../checkers/checker.ts";
import { type CheckerName, checkerNames } from "../checkers/checkers.ts";
import { conditionShapes } from "../history/conditions.ts";
import { crowdCosts } from "../history/crowd-costs.ts";
import { blames, enrolment, trialNetwork } from "../history/observations.ts";
import { ensembleRecord, serverSetUp } from "../history/own-servers.ts";
import { outcome } from "../history/strike.ts";
import { analysis } from "../metrics/analysis.ts";
import { failover } from "../metrics/figures.ts";
import { trialSummary } from "../metrics/summary.ts";
import { prediction } from "../metrics/theory.ts";
import { thresholdCheck } from "../metrics/threshold-check.ts";
import { warning } from "../metrics/warning.ts";
import {
  count,
  list,
  literal,
  nullable,
  number,
  type Of,
  object,
  oneOf,
  optional,
  positive,
  text,
  truth,
  whole,
} from "../shape.ts";

export const RESULT_SCHEMA = "zk-election-lab/result@1";

export const trialShape = object({
  trial: whole(1, "Its place in the run's plan, from 1. The history and the trace use the same number."),
  scheme: text(
    "What a waiting contender watches. The rest of the election is the same code, so a difference comes " +
      "from the scheme.",
  ),
  ...conditionShapes,
  expects: nullable(
    outcome,
    "What every strike had to lead to. `leader`: `next`, a candidate other than the victims, `same`, " +
      "the one that led before, or `any`, also a victim that has come back. `silentMs`: the silence after which the ensemble ends the victim's session; " +
      "0 if it is told of the end, `null` if nobody knows when it begins. `null` if nothing struck, or if the strikes differ.",
  ),
  counter: oneOf(
    ["guarded", "unguarded", "none"],
    "Whether leaders kept writing to a counter, from their claim until they no longer believed that they " +
      "lead: `guarded` by a fence, `unguarded` (`--no-fence`), or `none`. They do under faults that can " +
      "leave an old leader behind its successor (such as `freeze`), to show what an old leader does. The " +
      "counter has a separate connection, as a database would.",
  ),
  state: oneOf(
    ["completed", "aborted", "errored"],
    "`completed`, `aborted` (interrupted, a failover did not end within its bound, or its fault did not " +
      "strike) or `errored`. Figures of the last two cover the failovers until then; `reason` says why it " +
      "ended.",
  ),
  reason: optional(text("Why it did not complete.")),
  blame: optional(
    oneOf(
      blames,
      "Who failed if it errored: the `ensemble` (it refused, expired a session, or was out of reach; exit " +
        "code 69), the `machine` (it starts no more threads, or its disk is full; 69), your own `scheme` " +
        "or `fault` (64), or the `lab` (70).",
    ),
  ),
  network: nullable(
    trialNetwork,
    "The relays, which delay and cut, that stood in the paths between candidates and servers, or between " +
      "servers. `null` if there was only the machine's own network.",
  ),
  /** `null` if an earlier trial had started the candidates, or if the trial never got that far. */
  enrolment: nullable(enrolment),
  /** Absent unless it was measured (`--growth`). */
  crowd: optional(crowdCosts),
  /** `null` for a single server, and for a user's own ensemble. */
  ensemble: nullable(ensembleRecord),
  failovers: list(failover, "One entry for each fault, below."),
  summary: object(trialSummary.properties, "The trial in one row, below."),
  verdicts: object(
    Object.fromEntries(checkerNames.map((name) => [name, verdict])) as Record<CheckerName, typeof verdict>,
    "Whether the election was correct, by each checker, below. If one is false, read its evidence before " +
      "the figures.",
  ),
  prediction: nullable(prediction, "The theoretical failover time, below; `null` if theory says nothing."),
  warnings: list(warning, "Reasons to trust the figures less, below."),
});

export type TrialResult = Of<typeof trialShape>;

const environment = object({
  node: text(),
  os: text(),
  cpu: text(),
  cores: whole(1),
  memoryBytes: whole(1),
  clockCostNs: positive("The cost of one reading of the clock, in nanoseconds."),
  client: text(),
  server: object({
    version: nullable(text()),
    servers: whole(1, "The largest number in the run; each trial has its own."),
    tickTimeMs: nullable(number()),
    embedded: truth(),
    forceSync: nullable(truth()),
    ...serverSetUp.properties,
  }),
});

export type Environment = Of<typeof environment>;

const run = object({
  command: oneOf(["lab", "bench", "live", "soak", "faults", "peers"]),
  argv: list(text()),
  startedAt: text("ISO 8601, UTC."),
  state: oneOf(
    ["completed", "interrupted", "failed"],
    "While a run goes on its file says `interrupted`, which is true if the process ends without an " +
      "update.",
  ),
  seed: count(),
  plannedTrials: nullable(
    whole(1),
    "The number of trials planned; `null` if the version that saved the run did not record it.",
  ),
  plannedFailovers: nullable(
    count(),
    "The number of failovers planned in all trials together; 0 if a person strikes, and `null` if the version that saved " +
      "the run did not record it.",
  ),
  version: text(),
  git: nullable(text()),
});

export const resultShape = object(
  {
    schema: literal(RESULT_SCHEMA),
    run,
    environment,
    trials: list(trialShape),
    /** Conclusions from several trials together. */
    analysis,
    thresholds: nullable(
      list(thresholdCheck),
      "What `--ensure` asked for, and whether the run kept it; `null` if the version that saved the run did not record it.",
    ),
  },
  "Times are milliseconds, sizes bytes. Fields may be added but are never renamed.",
);

export type Result = Of<typeof resultShape>;
