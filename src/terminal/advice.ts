/** Formats which session timeouts and ticks reach a target. */
import { count, milliseconds } from "../export/figure-text.ts";
import { faultsAtOnce } from "../faults/faults.ts";
import { ADVISED_SCHEME, type MeasuredRow, type Protocol } from "../metrics/measured-timeouts.ts";
import {
  type AdviceQuestion,
  type AdviceRow,
  advise,
  smallestTargetMs,
  usualTickTimesMs,
} from "../metrics/timeout-advice.ts";
import { type Paint, wrap } from "./format.ts";
import { type Column, tableOf } from "./table.ts";

/**
 * The whole text, without a newline at its end.
 * @param measured the saved run's answer; none if there is no such run
 * @param columns the width of a line; unlimited by default
 */
export function adviceText(
  { targetMs, candidates }: Pick<AdviceQuestion, "targetMs" | "candidates">,
  protocol: Protocol,
  measured: readonly MeasuredRow[],
  paint: Paint,
  columns = Infinity,
): string {
  const question = { targetMs, candidates, protocolMs: protocol.ms };
  const rows = advise(question);
  const parts = [wrap(heading(question, protocol), columns)];
  if (protocol.type === "not-tried")
    parts.unshift(paint.yellow(wrap(notTried(candidates, protocol.tried), columns)));
  if (rows.length === 0) parts.push(paint.yellow(wrap(unreachable(question), columns)));
  else parts.push(adviceTable(rows, paint, columns), paint.dim(wrap(LEGEND, columns)));
  if (measured.length > 0) {
    parts.push(measuredTable(measured, paint, columns), paint.dim(wrap(MEASURED_LEGEND, columns)));
  }
  return parts.join("\n");
}

const LEGEND =
  "In ms. tick: the servers' tickTime for this row; yours is in their zoo.cfg. p50, p99, worst: of the failover after a leader's crash. pause: a healthy candidate that stands still " +
  "for less certainly keeps its session. cut off: after so long without an answer, it is told so. beats/s: " +
  "requests of all candidates together, to keep their sessions. Timeouts lie within 2 to 20 ticks, which servers grant by default.";

const MEASURED_LEGEND =
  "In ms, of the saved run's leaders that fell silent. The model counts what the election itself took under the same scheme with as many " +
  "candidates (–: not tried), and takes a leader that falls silent at any time; one that had just been heard is missed " +
  "later, up to the worst.";

function heading({ targetMs, candidates }: AdviceQuestion, protocol: Protocol): string {
  const target = `Failover within ${milliseconds(targetMs)} ms (p99), ${candidates} candidates`;
  return `${target}, for each tick that the servers may have, ${elected(protocol)}:`;
}

function elected(protocol: Protocol): string {
  const ms = `${milliseconds(protocol.ms)} ms`;
  if (protocol.type !== "measured") return `the election itself taken to be ${ms}`;
  return `the election itself measured as ${ms} (p99 of ${protocol.n})`;
}

function notTried(candidates: number, tried: readonly number[]): string {
  const lacking =
    `The run measured no failover with ${candidates} candidates under ${ADVISED_SCHEME} by ` +
    `${faultsAtOnce.join(", ")}, so the time that the election itself takes is unknown`;
  const others = tried.length === 0 ? "" : `ask with --candidates ${tried.join(" or ")}, or `;
  const [fault] = faultsAtOnce;
  const measure = `yarn bench --candidates ${candidates} --scheme ${ADVISED_SCHEME} --fault ${fault}`;
  return `${lacking}; ${others}measure it: ${measure}`;
}

function unreachable(question: AdviceQuestion): string {
  // Rounded up, so that asking for this target reaches it.
  const smallest = Math.ceil(smallestTargetMs(question));
  const ticks = question.tickTimesMs ?? usualTickTimesMs;
  const [shortest, longest] = [Math.min(...ticks), Math.max(...ticks)];
  return (
    `No servers with a usual tick, of ${shortest} to ${longest} ms, reach that. The smallest target in reach is ` +
    `${smallest} ms, with a tick of ${shortest} ms.`
  );
}

function adviceTable(rows: readonly AdviceRow[], paint: Paint, width: number): string {
  const columns: Column<AdviceRow>[] = [
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
    right("model p99", (row) => orDash(row.modelP99Ms)),
    right("model worst", (row) => orDash(row.modelWorstMs)),
  ];
  return tableOf(columns, rows, paint, width);
}

function right<Row>(title: string, cell: (row: Row) => string): Column<Row> {
  return { title, align: "right", cell };
}

function orDash(ms: number | null): string {
  return ms === null ? "–" : milliseconds(ms);
}
