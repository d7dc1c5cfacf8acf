/** The part of docs/peers.md that is measured. */
import { markdownTable } from "markdown-table";
import { type CheckerName, checkerNames } from "../src/checkers/checkers.ts";
import { count, milliseconds } from "../src/export/figure-text.ts";
import type { Result, TrialResult } from "../src/export/result.ts";
import { type Implementation, nameOfTrial } from "../src/options/peers.ts";

/**
 * A row for each implementation of a run, with its medians under each fault.
 * @param awakeMs by trial: how long a leader that had paused went on to believe
 */
export function peerTable(
  { trials, environment, run }: Result,
  implementations: readonly Pick<Implementation, "name" | "version">[],
  awakeMs: ReadonlyMap<number, number>,
  cautions: readonly string[],
): string {
  const columns = columnsOf(trials);
  const several = columns.filter(({ fault }) => fault === columns[0]?.fault);
  const head = [
    "implementation",
    ...columns.map(({ fault, candidates }) => `${fault}, N = ${candidates}`),
    ...several.flatMap(({ candidates }) => [`woken, N = ${candidates}`, `lists read, N = ${candidates}`]),
    "old leader beside its successor",
    "of that, awake after a pause",
    "verdicts",
  ];
  const rows = implementations.map(({ name }) => {
    const own = trials.filter((trial) => nameOfTrial(trial) === name);
    const of = (column: Column) => own.find((trial) => isIn(column, trial));
    return [
      `\`${name}\``,
      ...columns.map((column) => medianText(of(column))),
      ...several.flatMap((column) => {
        const { notificationsPerFailover = null, readsPerFailover = null } = of(column)?.summary ?? {};
        return [notificationsPerFailover, readsPerFailover].map((figure) =>
          figure === null ? "–" : count(figure),
        );
      }),
      own.flatMap(overlapText).join("; ") || "–",
      own
        .flatMap(({ trial }) => awakeMs.get(trial) ?? [])
        .map(milliseconds)
        .join("; ") || "–",
      own.flatMap(spoilt).join("; ") || "all valid",
    ];
  });
  const { server, node, os, cores } = environment;
  const counts = columns.map(({ fault, candidates }) => {
    const most = trials.filter((trial) => isIn({ fault, candidates }, trial));
    return Math.max(...most.map(({ failovers }) => failovers.length));
  });
  const timeouts = [...new Set(trials.map(({ sessionTimeoutMs }) => sessionTimeoutMs))].join(", ");
  return [
    `Medians in ms, old leaders at their longest; failovers in each column: ${counts.join(", ")}. A session timeout of ${timeouts} ms, tick ` +
      `${server.tickTimeMs} ms, ZooKeeper ${server.version}, Node ${node}, ${os}, ${cores} cores, ` +
      `${run.startedAt.slice(0, 10)}.`,
    markdownTable([head, ...rows], { alignDelimiters: false }),
    implementations
      .flatMap(({ name, version }) => (version === null ? [] : `- \`${name}\`: ${version}`))
      .join("\n"),
    trials
      .flatMap((trial) => {
        const { fault, candidates, state, reason = "no reason" } = trial;
        const where = `\`${nameOfTrial(trial)}\` under ${fault}, N = ${candidates}`;
        return state === "completed" ? [] : `- ${where}: ${state}, ${reason}`;
      })
      .join("\n"),
    ...cautions,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

interface Column {
  readonly fault: string;
  readonly candidates: number;
}

function columnsOf(trials: readonly TrialResult[]): Column[] {
  const columns: Column[] = [];
  for (const { fault, candidates } of trials)
    if (!columns.some((one) => one.fault === fault && one.candidates === candidates))
      columns.push({ fault, candidates });
  return columns;
}

function isIn({ fault, candidates }: Column, trial: TrialResult): boolean {
  return trial.fault === fault && trial.candidates === candidates;
}

function medianText(trial: TrialResult | undefined): string {
  const { failoverMs } = trial?.summary ?? {};
  return failoverMs ? milliseconds(failoverMs.p50) : "–";
}

/** The longest time that an old leader believed that it led beside its successor, and could act. */
function overlapText({ fault, summary: { overlapMs, unsafeMs } }: TrialResult): string[] {
  if (overlapMs === null || overlapMs.max === 0) return [];
  const safe = unsafeMs === null ? "" : `, unsafe ${milliseconds(unsafeMs.max)}`;
  return [`${fault}: ${milliseconds(overlapMs.max)}${safe}`];
}

function spoilt({ fault, state, verdicts }: TrialResult): string[] {
  const wrong = (checkerNames as readonly CheckerName[]).flatMap((name) => {
    const { valid } = verdicts[name];
    return valid === true ? [] : `${name} ${valid === false ? "FALSE" : valid}`;
  });
  const words = [...(state === "completed" ? [] : [state]), ...wrong];
  return words.length === 0 ? [] : [`${fault}: ${words.join(", ")}`];
}
