/**
 * Histories in the Trace Event Format, which https://ui.perfetto.dev and chrome://tracing open: a process for
 * each trial, a track for each candidate and one for the coordinator. Times are microseconds, with nanoseconds
 * as their fraction. Durations nest on their track: viewers drop partial overlaps.
 */

import { trialText } from "../history/conditions.ts";
import { COORDINATOR, type Event } from "../history/event.ts";
import type { History } from "../history/history.ts";
import type { Strike } from "../history/strike.ts";
import { termsOf } from "../history/term.ts";
import { endOf, settledAt, successorIn, windowsOf } from "../history/window.ts";

interface TraceEvent {
  readonly name: string;
  readonly cat: string;
  /** X: a duration; i: an instant; s, f: start and finish of an arrow; M: a name or an order. */
  readonly ph: "X" | "i" | "s" | "f" | "M";
  readonly ts: number;
  readonly dur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly s?: "t";
  readonly id?: number;
  readonly bp?: "e";
  readonly args?: Readonly<Record<string, string | number | null>>;
}

/** A candidate's activity: it looks at the list, or waits for its watch. */
interface Phase {
  readonly name: "looks" | "waits";
  readonly from: number;
  readonly args: Readonly<Record<string, string | number>>;
}

/** Higher than any trial's number: the coordinator's track has its trial's, like a process's main thread. */
const CANDIDATES = 1_000_000;
/** Arrows have unique numbers in the whole file. */
const FAILOVERS = 1_000_000;

/**
 * One JSON text. Each event is converted to text by itself, so that no copy of all of them is held as objects.
 */
export function trace(histories: readonly History[]): string {
  const pieces: string[] = [];
  for (const history of histories) {
    const write = (event: TraceEvent) => pieces.push(JSON.stringify(event));
    for (const part of [names, terms, failovers, phases, instants, arrows]) part(history, write);
  }
  return `{"displayTimeUnit":"ns","traceEvents":[\n${pieces.join(",\n")}\n]}\n`;
}

type Write = (event: TraceEvent) => void;

const microseconds = (nanoseconds: number) => nanoseconds / 1000;

function trackOf({ header }: History, candidate: number) {
  return { pid: header.trial, tid: candidate === COORDINATOR ? header.trial : CANDIDATES + candidate };
}

function names(history: History, write: Write): void {
  const { trial, candidates } = history.header;
  const about = (candidate: number, name: string, args: Record<string, string | number>) =>
    write({ name, cat: "__metadata", ph: "M", ts: 0, ...trackOf(history, candidate), args });
  about(COORDINATOR, "process_name", { name: `trial ${trial}: ${trialText(history.header)}` });
  about(COORDINATOR, "process_sort_index", { sort_index: trial });
  for (let candidate = COORDINATOR; candidate < candidates; candidate++) {
    const name = candidate === COORDINATOR ? "coordinator" : `candidate ${candidate}`;
    about(candidate, "thread_name", { name });
    about(candidate, "thread_sort_index", { sort_index: candidate + 1 });
  }
}

function terms(history: History, write: Write): void {
  for (const { candidate, sequence, czxid, from, until, reason, leaseUntil } of termsOf(history)) {
    const dur = microseconds((until ?? lastOf(history)) - from);
    const lease = leaseUntil === null ? null : microseconds(leaseUntil);
    const args = { sequence, czxid, reason, leaseUntil: lease };
    write({
      name: "leads",
      cat: "term",
      ph: "X",
      ts: microseconds(from),
      dur,
      ...trackOf(history, candidate),
      args,
    });
  }
}

function failovers(history: History, write: Write): void {
  for (const window of windowsOf(history)) {
    const { strike, end } = window;
    const until = settledAt(window) ?? endOf(window);
    write({
      name: strike.failover === 0 ? "warm-up" : `failover ${strike.failover}`,
      cat: "failover",
      ph: "X",
      ts: microseconds(strike.startedAt),
      dur: microseconds(until - strike.startedAt),
      ...trackOf(history, COORDINATOR),
      args: { victim: strike.victims[0], end: end?.type ?? "interrupted" },
    });
  }
}

/**
 * A candidate does one thing at a time: an activity that begins, or the end of its turn, ends the previous one.
 */
function phases(history: History, write: Write): void {
  const open = new Map<number, Phase>();
  const close = (candidate: number, at: number, args: Record<string, string | number>) => {
    const phase = open.get(candidate);
    if (phase === undefined) return;
    open.delete(candidate);
    write({
      name: phase.name,
      cat: phase.name,
      ph: "X",
      ts: microseconds(phase.from),
      dur: microseconds(at - phase.from),
      ...trackOf(history, candidate),
      args: { ...phase.args, ...args },
    });
  };
  for (const event of history.events) {
    const { candidate, at } = event;
    switch (event.type) {
      case "reading":
        close(candidate, at, { until: event.type });
        open.set(candidate, { name: "looks", from: at, args: { cause: event.cause } });
        break;
      case "read":
        if (open.get(candidate)?.name === "looks") close(candidate, at, { contenders: event.contenders });
        break;
      case "armed":
        close(candidate, at, { until: event.type });
        open.set(candidate, {
          name: "waits",
          from: at,
          args: { watch: event.watch, sequence: event.sequence },
        });
        break;
      case "notified":
        if (open.get(candidate)?.name === "waits") close(candidate, at, { until: event.type });
        break;
      case "claimed":
      case "ended":
      case "suspended":
      case "expired":
      case "removing":
      case "closing":
        close(candidate, at, { until: event.type });
        break;
    }
  }
  for (const candidate of open.keys()) close(candidate, lastOf(history), { until: "end of the history" });
}

function instants(history: History, write: Write): void {
  for (const event of history.events) {
    const instant = instantOf(event, history.strikes);
    if (instant === undefined) continue;
    const { name, candidate, args } = instant;
    const ts = microseconds(event.at);
    write({ name, cat: event.type, ph: "i", s: "t", ts, ...trackOf(history, candidate), args });
  }
}

function instantOf(event: Event, strikes: readonly Strike[]) {
  const { type, candidate } = event;
  switch (type) {
    case "notified":
      return { name: type, candidate, args: { watch: event.watch, sequence: event.sequence } };
    case "claimed":
      return { name: type, candidate, args: { sequence: event.sequence, czxid: event.czxid } };
    case "fault": {
      const which = event.failover === 0 ? "warm-up" : `fault ${event.failover}`;
      // Written where it strikes, whoever recorded it.
      const name = `${which}: ${strikes.findLast(({ startedAt }) => startedAt <= event.at)?.fault}`;
      return { name, candidate: event.victim, args: { failover: event.failover } };
    }
    case "thawed":
      return { name: type, candidate, args: { lease: event.lease } };
    case "leased":
      return { name: "lease", candidate, args: { until: microseconds(event.until) } };
    case "wrote":
      return { name: type, candidate, args: { czxid: event.czxid, version: event.version } };
    case "refused":
      return { name: "write refused", candidate, args: { czxid: event.czxid } };
    case "announced":
    case "suspended":
    case "expired":
      return { name: type, candidate, args: {} };
    default:
      return undefined;
  }
}

/** Arrows from a failover to its successor's term. Written last: an arrow binds to what has begun by then. */
function arrows(history: History, write: Write): void {
  [...windowsOf(history)].forEach((window, index) => {
    const { strike } = window;
    const claim = successorIn(window);
    if (claim === null) return;
    const id = history.header.trial * FAILOVERS + index;
    const arrow = { name: "succession", cat: "succession", id };
    write({ ...arrow, ph: "s", ts: microseconds(strike.startedAt), ...trackOf(history, COORDINATOR) });
    write({ ...arrow, ph: "f", bp: "e", ts: microseconds(claim.at), ...trackOf(history, claim.candidate) });
  });
}

function lastOf(history: History): number {
  return history.events.at(-1)?.at ?? 0;
}
