/**
 * The data inside a page: for each run its result, its rows and its packed histories, so that the page can
 * draw every event and save the figures as files. All are compressed, in base64: safe in HTML, whatever they
 * contain.
 */
import { gzipSync } from "node:zlib";
import { csv } from "../export/csv.ts";
import { columnsOf } from "../history/columns.ts";
import type { Event } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { html, type Markup } from "./markup.ts";
import { pack, type TrialEvents } from "./packed-history.ts";
import type { ReportRun } from "./report-run.ts";

/** About 6 bytes per event, so a page has at most some 2.5 MB of them. */
const EVENTS_PER_PAGE = 400_000;

/**
 * Belongs at the end of the page, before the script that reads it: `result-0` (JSON), `rows-0` (CSV),
 * `history-0`, `result-1`, …
 */
export function dataScripts(runs: readonly ReportRun[]): Markup {
  return html`${runs.map(
    (
      run,
      index,
    ) => html`<script type="text/plain" id="result-${index}">${zipped(JSON.stringify(run.result))}</script>
<script type="text/plain" id="rows-${index}">${zipped(csv(run.result))}</script>
<script type="text/plain" id="history-${index}">${zipped(pack(eventsFor(run, runs.length)))}</script>
`,
  )}`;
}

function zipped(data: string | Uint8Array): string {
  return gzipSync(data, { level: 9 }).toString("base64");
}

/** The whole of a trial, or a part. */
export function eventsOfTrial(
  { header, strikes, events, observations }: History,
  kept: readonly Event[] = events,
): TrialEvents {
  // Histories of 0.6.0 and before have no roles.
  const roles = observations?.roles ?? [];
  const leftOut = events.length - kept.length;
  return { header, strikes, roles, columns: columnsOf(kept), leftOut };
}

/**
 * The part of a run that the page holds. A trial that is too long is cut after a failover, and says what is
 * missing.
 */
export function eventsFor(run: ReportRun, runs: number, perPage = EVENTS_PER_PAGE): TrialEvents[] {
  return keptEvents(run, runs, perPage).map(({ history, kept }) => eventsOfTrial(history, kept));
}

/** A trial's events that the page holds. */
export interface KeptEvents {
  readonly history: History;
  readonly kept: readonly Event[];
  /** Whether the trial is too long for the page, so that it holds only the beginning. */
  readonly isCut: boolean;
}

export function keptEvents(run: ReportRun, runs: number, perPage = EVENTS_PER_PAGE): KeptEvents[] {
  const parts = run.histories.map(({ events }) => needed(events));
  const share = fairShare(
    parts.map(({ length }) => length),
    perPage / runs,
  );
  return run.histories.map((history, index) => {
    const events = parts[index] ?? [];
    const kept = keptOf(events, share);
    return { history, kept, isCut: kept.length < events.length };
  });
}

/**
 * A crowd whose costs are measured joins and leaves several times before the first failover, and may be large.
 * That is most of its events, and no failover needs them: the page holds its sessions, the last time that all
 * join, and the failovers.
 */
function needed(events: readonly Event[]): readonly Event[] {
  const first = events.findIndex(({ type }) => type === "fault");
  const before = events.slice(0, Math.max(0, first));
  const joined = before.flatMap(({ type }, index) => (type === "enrolled" ? index : []));
  const [joinedBefore] = joined.slice(-2);
  if (joined.length < 2 || joinedBefore === undefined) return events;
  // All had left before anybody joined again.
  const from = events.findIndex(({ type }, index) => index > joinedBefore && type === "creating");
  const end = events.findLastIndex(isEnd);
  return events.filter(({ type }, index) => type === "connected" || (index >= from && index <= end));
}

function isEnd({ type }: Event): boolean {
  return type === "settled" || type === "aborted";
}

/** The length to which each is limited, so that all together stay within the total. */
function fairShare(lengths: readonly number[], total: number): number {
  let left = total;
  let share = Number.POSITIVE_INFINITY;
  lengths
    .toSorted((a, b) => a - b)
    .some((length, index) => {
      const each = left / (lengths.length - index);
      left -= length;
      if (length > each) share = Math.floor(each);
      return length > each;
    });
  return share;
}

/** Cuts at the end of a failover if there is one. */
function keptOf(events: readonly Event[], share: number): readonly Event[] {
  if (events.length <= share) return events;
  const beginning = events.slice(0, share);
  const end = beginning.findLastIndex(isEnd);
  return end === -1 ? beginning : beginning.slice(0, end + 1);
}
