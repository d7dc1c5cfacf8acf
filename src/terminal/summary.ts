/** What a person reads in the end: a row for each trial, and a sentence that says what it means. */
import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import { type Evidence, type Verdict, worst } from "../checkers/checker.ts";
import type { Environment, Result, TrialResult } from "../export/result.ts";
import { count, milliseconds, type Paint, ratio, wrap } from "./format.ts";

/**
 * The whole text, without a newline at its end.
 * @param columns how wide a line may be; without it, as wide as it needs
 */
export function summary({ run, environment, trials }: Result, paint: Paint, columns = Infinity): string {
  const parts = [heading(environment, run.seed, paint, columns)];
  if (trials.length === 0) parts.push("No trial was completed.");
  else {
    parts.push(table(trials, paint, columns), paint.dim(wrap(LEGEND, columns)));
    parts.push(...trials.flatMap((trial) => remarks(trial, paint, columns)));
    parts.push(...meaning(trials).map((sentence) => wrap(sentence, columns)));
  }
  if (run.state === "interrupted") parts.push(paint.yellow("Interrupted: this is what there was by then."));
  return parts.join("\n");
}

const LEGEND = "p50, p90, max in ms; woken, reads per failover; settled: ms until all wait again";

const NO_BREAK = "\u00a0";

/** What the figures were measured on: two runs with different lines are not to be compared blindly. */
function heading({ server, node, cores }: Environment, seed: number, paint: Paint, columns: number): string {
  const parts = [
    `ZooKeeper ${server.version ?? "of an unknown version"}`,
    server.tickTimeMs === null ? "your own ensemble" : `tick ${server.tickTimeMs} ms`,
    ...(server.forceSync === null ? [] : [server.forceSync ? "fsync" : "no fsync"]),
    `Node ${node}`,
    `${cores} cores`,
    `seed ${seed}`,
  ];
  // A part stays whole: it breaks between parts only.
  const line = parts.map((part) => part.replaceAll(" ", NO_BREAK)).join(" · ");
  return paint.dim(wrap(line, columns).replaceAll(NO_BREAK, " "));
}

/** Has narrow gaps where wide ones would not fit. */
function table(trials: readonly TrialResult[], paint: Paint, columns: number): string {
  const wide = rows(trials, paint, 2);
  const fits = wide.split("\n").every((line) => stripVTControlCharacters(line).length <= columns);
  return fits ? wide : rows(trials, paint, 1);
}

function rows(trials: readonly TrialResult[], paint: Paint, gap: number): string {
  const timeouts = severalOf(trials, "sessionTimeoutMs");
  const head = ["scheme", "N", "fault", ...(timeouts ? ["timeout"] : [])];
  const figures = ["p50", "p90", "max", "woken", "reads", "settled"];
  const table = new Table({
    head: [...head, ...figures, "verdicts"].map((title) => paint.dim(title)),
    style: { head: [], border: [], "padding-left": 0, "padding-right": gap, compact: true },
    chars: NO_BORDERS,
    colAligns: [
      ...head.map((title) => (title === "N" || title === "timeout" ? "right" : "left")),
      ...figures.map(() => "right"),
      "left",
    ],
  } as Table.TableConstructorOptions);
  for (const trial of trials) {
    const { failoverMs, notificationsPerFailover, readsPerFailover, settledMs } = trial.summary;
    const duration = (ms: number | undefined) => (ms === undefined ? "–" : milliseconds(ms));
    table.push([
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
      wordFor(worst(Object.values(trial.verdicts)), paint),
    ]);
  }
  return table.toString().replaceAll(/ +$/gm, "");
}

function wordFor(valid: Verdict["valid"], paint: Paint): string {
  switch (valid) {
    case true:
      return paint.green("all valid");
    case false:
      return paint.red("FALSE");
    case "unknown":
      return paint.yellow("unknown");
    default:
      return valid satisfies never;
  }
}

/** What was not as it should be: why a trial ended early, and each verdict with its first piece of evidence. */
function remarks(trial: TrialResult, paint: Paint, columns: number): string[] {
  const notes = Object.entries(trial.verdicts).flatMap(([name, verdict]) => {
    if (verdict.valid === true) return [];
    const text = verdict.valid === false ? evidenceOf(verdict.evidence) : verdict.reason;
    const title = `${name} ${verdict.valid === false ? "FALSE" : "unknown"}`;
    const lines = wrap(`${title}: ${text}`, columns - 2).replaceAll("\n", "\n  ");
    // Painted when wrapped: what nobody sees must not count.
    return `  ${lines.replace(title, (seen) => (verdict.valid === false ? paint.red(seen) : paint.yellow(seen)))}`;
  });
  const end = trial.reason === undefined ? [] : [`${trial.state}, ${trial.reason}`];
  if (notes.length + end.length === 0) return [];
  const which = `${trial.scheme}, ${trial.candidates} candidates, ${trial.fault}:`;
  return [wrap([which, ...end].join(" "), columns), ...notes];
}

function evidenceOf([first, ...others]: readonly Evidence[]): string {
  if (first === undefined) return "without evidence";
  return others.length === 0 ? first.message : `${first.message} (and ${others.length} more)`;
}

function severalOf(trials: readonly TrialResult[], what: "fault" | "sessionTimeoutMs"): boolean {
  return new Set(trials.map((trial) => trial[what])).size > 1;
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
    const conditions = [
      `${trial.candidates} candidates`,
      ...(severalOf(trials, "fault") ? [`the fault ${trial.fault}`] : []),
      ...(severalOf(trials, "sessionTimeoutMs") ? [`a timeout of ${trial.sessionTimeoutMs} ms`] : []),
    ];
    const herd = `${watching(trial.scheme)} woke ${candidates(woken)} per ${occasion(trial)}, the predecessor scheme ${count(baseWoken)}`;
    const slower = comparison(trial, base);
    return [`With ${listed(conditions)}, ${herd}${slower && `; ${slower}`}.`];
  });
}

function listed(parts: readonly string[]): string {
  const [last = "", ...others] = parts.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(", ")} and ${last}`;
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
