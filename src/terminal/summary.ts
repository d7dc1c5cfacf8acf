/** What a person reads in the end: a row for each trial, and a sentence that says what it means. */
import Table from "cli-table3";
import type { Verdict } from "../checkers/checker.ts";
import type { Environment, Result, TrialResult } from "../export/result.ts";
import { count, milliseconds, type Paint, ratio } from "./format.ts";

/** The whole text, without a newline at its end. */
export function summary({ run, environment, trials }: Result, paint: Paint): string {
  const parts = [heading(environment, run.seed, paint)];
  if (trials.length === 0) parts.push("No trial was completed.");
  else parts.push(table(trials, paint), ...trials.flatMap(remarks), ...meaning(trials));
  if (run.state === "interrupted") parts.push(paint.yellow("Interrupted: this is what there was by then."));
  return parts.join("\n");
}

export function heading({ server, node, cores }: Environment, seed: number, paint: Paint): string {
  const parts = [
    `ZooKeeper ${server.version ?? "of an unknown version"}`,
    server.tickTimeMs === null ? "your own ensemble" : `tick ${server.tickTimeMs} ms`,
    ...(server.forceSync === null ? [] : [server.forceSync ? "fsync" : "no fsync"]),
    `Node ${node}`,
    `${cores} cores`,
    `seed ${seed}`,
  ];
  return paint.dim(parts.join(" · "));
}

function table(trials: readonly TrialResult[], paint: Paint): string {
  const timeouts = new Set(trials.map(({ sessionTimeoutMs }) => sessionTimeoutMs)).size > 1;
  const head = ["scheme", "N", "fault", ...(timeouts ? ["timeout"] : [])];
  const figures = ["p50", "p90", "max", "woken", "reads", "settled"];
  const rows = new Table({
    head: [...head, ...figures, "verdicts"].map((title) => paint.dim(title)),
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2, compact: true },
    chars: NO_BORDERS,
    colAligns: [
      ...head.map((title) => (title === "N" ? "right" : "left")),
      ...figures.map(() => "right"),
      "left",
    ],
  } as Table.TableConstructorOptions);
  for (const trial of trials) {
    const { failoverMs, notificationsPerFailover, readsPerFailover, settledMs } = trial.summary;
    const duration = (ms: number | undefined) => (ms === undefined ? "–" : milliseconds(ms));
    rows.push([
      trial.scheme,
      String(trial.candidates),
      trial.fault,
      ...(timeouts ? [String(trial.sessionTimeoutMs)] : []),
      paint.bold(duration(failoverMs?.p50)),
      duration(failoverMs?.p90),
      duration(failoverMs?.max),
      notificationsPerFailover === null ? "–" : count(notificationsPerFailover),
      readsPerFailover === null ? "–" : count(readsPerFailover),
      duration(settledMs?.p50),
      verdicts(trial, paint),
    ]);
  }
  const legend = paint.dim(
    "p50, p90, max: failover in ms; woken, reads: per failover; settled: ms until all wait again",
  );
  return `${rows.toString().replaceAll(/ +$/gm, "")}\n${legend}`;
}

function verdicts(trial: TrialResult, paint: Paint): string {
  const named = (wanted: Verdict["valid"]) =>
    Object.entries(trial.verdicts).flatMap(([name, { valid }]) => (valid === wanted ? [name] : []));
  const wrong = named(false);
  const unknown = named("unknown");
  if (wrong.length + unknown.length === 0) return paint.green("all valid");
  return [
    ...(wrong.length > 0 ? [paint.red(`FALSE: ${wrong.join(", ")}`)] : []),
    ...(unknown.length > 0 ? [paint.yellow(`unknown: ${unknown.join(", ")}`)] : []),
  ].join("; ");
}

/** What went wrong, in words: the first piece of evidence of each false verdict, and why a trial ended early. */
function remarks(trial: TrialResult): string[] {
  const which = `${trial.scheme}, ${trial.candidates} candidates, ${trial.fault}`;
  const lines = trial.reason === undefined ? [] : [`${which}: ${trial.state}, ${trial.reason}`];
  for (const [name, verdict] of Object.entries(trial.verdicts)) {
    if (verdict.valid === false) {
      const [first] = verdict.evidence;
      const others = verdict.evidence.length - 1;
      lines.push(`${which}: ${name}: ${first?.message}${others > 0 ? ` (and ${others} more)` : ""}`);
    }
    if (verdict.valid === "unknown") lines.push(`${which}: ${name}: ${verdict.reason}`);
  }
  return lines;
}

/** One sentence for each scheme that was tried beside `predecessor` under the same conditions. */
function meaning(trials: readonly TrialResult[]): string[] {
  return trials.flatMap((trial) => {
    if (trial.scheme === "predecessor") return [];
    const base = trials.find(
      (other) =>
        other.scheme === "predecessor" &&
        other.candidates === trial.candidates &&
        other.fault === trial.fault &&
        other.sessionTimeoutMs === trial.sessionTimeoutMs,
    );
    const woken = trial.summary.notificationsPerFailover;
    const baseWoken = base?.summary.notificationsPerFailover ?? null;
    if (base === undefined || woken === null || baseWoken === null) return [];
    const herd = `${watching(trial.scheme)} woke ${candidates(woken)} per ${occasion(trial)}, the predecessor scheme ${count(baseWoken)}`;
    const slower = comparison(trial, base);
    return [`With ${trial.candidates} candidates, ${herd}${slower && `; ${slower}`}.`];
  });
}

function watching(scheme: string): string {
  if (scheme === "leader") return "watching the leader";
  return scheme === "children" ? "watching the child list" : `the scheme ${scheme}`;
}

function candidates(woken: number): string {
  return woken === 1 ? "1 candidate" : `${count(woken)} candidates`;
}

function occasion({ fault }: TrialResult): string {
  return fault === "follower" ? "follower's death" : "failover";
}

function comparison(trial: TrialResult, base: TrialResult): string {
  const p50 = trial.summary.failoverMs?.p50;
  const baseP50 = base.summary.failoverMs?.p50;
  if (p50 === undefined || baseP50 === undefined) return "";
  const times = p50 / baseP50;
  if (times >= 1.05) return `failover was ${ratio(times)} times slower`;
  return times <= 1 / 1.05 ? `failover was ${ratio(1 / times)} times faster` : "failover took as long";
}

/** No line drawn between cells: names from cli-table3. */
const NO_BORDERS = Object.fromEntries(
  ["top", "bottom", "left", "right"]
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .concat("mid", "mid-mid", "middle")
    .map((name) => [name, ""]),
);
