/** The part of docs/peers.md that is measured. */
import { markdownTable } from "markdown-table";
import { milliseconds } from "../src/export/figure-text.ts";
import {
  casesOf,
  type ImplementationColumn,
  implementationColumns,
  isOf,
} from "../src/export/implementations.ts";
import type { Result } from "../src/export/result.ts";
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
  const awake: ImplementationColumn = {
    title: "of that, awake after a pause",
    text: (own) =>
      own
        .flatMap(({ trial }) => awakeMs.get(trial) ?? [])
        .map(milliseconds)
        .join("; ") || "–",
  };
  const columns = implementationColumns(trials).toSpliced(-1, 0, awake);
  const rows = implementations.map(({ name }) => {
    const own = trials.filter((trial) => nameOfTrial(trial) === name);
    return [`\`${name}\``, ...columns.map(({ text }) => text(own))];
  });
  const { server, node, os, cores } = environment;
  const counts = casesOf(trials).map((one) =>
    Math.max(...trials.filter((trial) => isOf(one, trial)).map(({ failovers }) => failovers.length)),
  );
  const timeouts = [...new Set(trials.map(({ sessionTimeoutMs }) => sessionTimeoutMs))].join(", ");
  return [
    `Medians in ms, old leaders at their longest; failovers in each column: ${counts.join(", ")}. A session timeout of ${timeouts} ms, tick ` +
      `${server.tickTimeMs} ms, ZooKeeper ${server.version}, Node ${node}, ${os}, ${cores} cores, ` +
      `${run.startedAt.slice(0, 10)}.`,
    markdownTable([["implementation", ...columns.map(({ title }) => title)], ...rows], {
      alignDelimiters: false,
    }),
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
