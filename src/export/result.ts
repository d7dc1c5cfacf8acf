/**
 * What a run says in the end, as `result.json` holds it: a contract with other programs. A field may be
 * added, none renamed. Times are milliseconds, sizes bytes.
 */
import { verdict } from "../checkers/checker.ts";
import { type CheckerName, checkerNames } from "../checkers/checkers.ts";
import { conditionShapes } from "../history/conditions.ts";
import { blames, enrolment } from "../history/observations.ts";
import { outcome } from "../history/strike.ts";
import { analysis } from "../metrics/analysis.ts";
import { failover } from "../metrics/figures.ts";
import { trialSummary } from "../metrics/summary.ts";
import { prediction } from "../metrics/theory.ts";
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
  trial: whole(1, "Its place in the run's plan, from 1. The same number is in the history and in the trace."),
  scheme: text(
    "What a waiting contender watches. All else in the election is the same code, so that a difference comes from the " +
      "scheme.",
  ),
  ...conditionShapes,
  expects: nullable(
    outcome,
    "What every strike had to lead to. `leader`: `next`, another candidate than the victim, or `same`, whoever led " +
      "before. `silentMs`: after so long without a word the ensemble ends the victim's session; 0 where it is told of " +
      "the end. `null` where nothing struck, or where the strikes differ.",
  ),
  counter: oneOf(
    ["guarded", "unguarded", "none"],
    "Whether leaders wrote to a counter all the time, from their claim until they no longer believed that they lead: " +
      "`guarded` by a fence, `unguarded` (`--no-fence`), or `none`. They do under faults that can leave an old leader " +
      "behind its successor (such as `freeze`), so that it can be seen what such a one does. It has a connection of its " +
      "own, as a database would.",
  ),
  state: oneOf(
    ["completed", "aborted", "errored"],
    "`completed`, `aborted` (interrupted, a failover did not end within its bound, or its fault did not strike) or " +
      "`errored`. Figures of the last two cover the failovers until then; `reason` says why it ended.",
  ),
  reason: optional(text("Why it did not complete.")),
  blame: optional(
    oneOf(
      blames,
      "Who failed where it errored: the `ensemble` (it refused, expired a session, or was out of reach; exit code 69), " +
        "the `machine` (it starts no more threads, or its disk is full; 69), a `scheme` of your own (64) or the `lab` " +
        "(70).",
    ),
  ),
  /** `null` where an earlier trial had started the candidates, or where it never came to it. */
  enrolment: nullable(enrolment),
  failovers: list(failover, "One entry for each fault, below."),
  summary: object(trialSummary.properties, "The trial in one row, below."),
  verdicts: object(
    Object.fromEntries(checkerNames.map((name) => [name, verdict])) as Record<CheckerName, typeof verdict>,
    "Whether the election was right, by each checker, below. Where one is false, do not read the figures before its " +
      "evidence.",
  ),
  prediction: nullable(
    prediction,
    "What theory says of the failover time, below; `null` where it says nothing.",
  ),
  warnings: list(warning, "What makes the figures less worth than they look, below."),
});

export type TrialResult = Of<typeof trialShape>;

const environment = object({
  node: text(),
  os: text(),
  cpu: text(),
  cores: whole(1),
  memoryBytes: whole(1),
  clockCostNs: positive("What one reading of the clock costs, in nanoseconds."),
  client: text(),
  server: object({
    version: nullable(text()),
    servers: whole(1),
    tickTimeMs: nullable(number()),
    embedded: truth(),
    forceSync: nullable(truth()),
  }),
});

export type Environment = Of<typeof environment>;

const run = object({
  command: oneOf(["lab", "bench", "soak"]),
  argv: list(text()),
  startedAt: text("ISO 8601, UTC."),
  state: oneOf(
    ["completed", "interrupted", "failed"],
    "While a run goes on its file says `interrupted`: that is what it is if nobody comes to say more.",
  ),
  seed: count(),
  plannedTrials: nullable(
    whole(1),
    "How many trials the run was to have; `null` where the version that saved it did not tell.",
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
    /** What follows from several trials together. */
    analysis,
  },
  "Times are milliseconds, sizes bytes. A field may be added, none renamed.",
);

export type Result = Of<typeof resultShape>;
