/** Which session timeouts and ticks reach a target, as a person reads it. */
import { count, milliseconds } from "../export/figures.ts";
import type { MeasuredRow } from "../metrics/measured-plan.ts";
import {
  type PlanQuestion,
  type PlanRow,
  plan,
  smallestTargetMs,
  usualTickTimesMs,
} from "../metrics/planner.ts";
import { type Paint, wrap } from "./format.ts";
import { type Column, tableOf } from "./table.ts";

/**
 * The whole text, without a newline at its end.
 * @param measured what a saved run says to it; none where there is no such run
 * @param columns how wide a line may be; without it, as wide as it needs
 */
export function planText(
  question: PlanQuestion,
  measured: readonly MeasuredRow[],
  paint: Paint,
  columns = Infinity,
): string {
  const rows = plan(question);
  const parts = [wrap(heading(question), columns)];
  if (rows.length === 0) parts.push(paint.yellow(wrap(unreachable(question), columns)));
  else parts.push(planTable(rows, paint, columns), paint.dim(wrap(LEGEND, columns)));
  if (measured.length > 0) {
    parts.push(measuredTable(measured, paint, columns), paint.dim(wrap(MEASURED_LEGEND, columns)));
  }
  return parts.join("\n");
}

const LEGEND =
  "In ms. tick: the servers' tickTime, as it has to be set for the row: what yours have stands in their zoo.cfg. p50, p99, worst: of the failover after a leader's crash. pause: a healthy candidate that stands still " +
  "for less is certain to keep its session. cut off: without an answer for so long, it is told so. beats/s: " +
  "requests of all candidates together, to keep their sessions. Timeouts lie within 2 to 20 ticks, which servers grant by default.";

const MEASURED_LEGEND =
  "In ms, of the saved run's freezes. The model takes a leader that falls silent at any time; one that had just " +
  "been heard is missed later, up to the worst.";

function heading({ targetMs, candidates, protocolMs }: PlanQuestion): string {
  const election = `the election itself taken to be ${milliseconds(protocolMs)} ms`;
  const target = `Failover within ${milliseconds(targetMs)} ms (p99), ${candidates} candidates`;
  return `${target}, for each tick that the servers may have, ${election}:`;
}

function unreachable(question: PlanQuestion): string {
  // Rounded up, so that it is reached when it is asked for.
  const smallest = Math.ceil(smallestTargetMs(question));
  const ticks = question.tickTimesMs ?? usualTickTimesMs;
  const [shortest, longest] = [Math.min(...ticks), Math.max(...ticks)];
  return (
    `No servers with a usual tick, of ${shortest} to ${longest} ms, reach that. The smallest target that any do is ` +
    `${smallest} ms, with a tick of ${shortest} ms.`
  );
}

function planTable(rows: readonly PlanRow[], paint: Paint, width: number): string {
  const columns: Column<PlanRow>[] = [
    right("timeout", (row) => paint.bold(String(row.sessionTimeoutMs))),
    right("tick", (row) => String(row.tickTimeMs)),
    right("p50", (row) => milliseconds(row.p50Ms)),
    right("p99", (row) => milliseconds(row.p99Ms)),
    right("worst", (row) => milliseconds(row.worstMs)),
    right("pause", (row) => milliseconds(row.falseExpiryMarginMs)),
    right("cut off", (row) => milliseconds(row.suspendedAfterMs)),
    right("beats/s", (row) => count(row.heartbeatsPerSecond)),
  ];
  return tableOf(columns, rows, paint, width);
}

function measuredTable(rows: readonly MeasuredRow[], paint: Paint, width: number): string {
  const columns: Column<MeasuredRow>[] = [
    { title: "scheme", align: "left", cell: (row) => row.scheme },
    right("N", (row) => String(row.candidates)),
    right("timeout", (row) => String(row.sessionTimeoutMs)),
    right("tick", (row) => String(row.tickTimeMs)),
    right("n", (row) => String(row.n)),
    right("measured p99", (row) => paint.bold(milliseconds(row.measuredP99Ms))),
    right("model p99", (row) => milliseconds(row.modelP99Ms)),
    right("model worst", (row) => milliseconds(row.modelWorstMs)),
  ];
  return tableOf(columns, rows, paint, width);
}

function right<Row>(title: string, cell: (row: Row) => string): Column<Row> {
  return { title, align: "right", cell };
}
