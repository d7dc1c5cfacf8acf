/**
 * The data inside a page: for each run its result, its rows and its packed histories, so that the page can
 * draw every event and save the figures as files. All are compressed, in base64: safe in HTML, whatever they
 * contain.
 */
import { gzipSync } from "node:zlib";
import { csv } from "../export/csv.ts";
import { columnsOf } from "../history/columns.ts";
import type { History } from "../history/history.ts";
import { html, type Markup } from "./markup.ts";
import { pack, type TrialEvents } from "./packed-history.ts";
import type { ReportRun } from "./report-run.ts";

/** About 4.5 bytes per event, so a page has at most some 4 MB. */
const EVENTS_PER_PAGE = 800_000;

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

/** The whole of a trial. */
export function eventsOfTrial(
  { header, strikes, events, observations }: History,
  kept = events.length,
): TrialEvents {
  // Histories of 0.6.0 and before have no roles.
  const roles = observations?.roles ?? [];
  const leftOut = events.length - kept;
  return { header, strikes, roles, columns: columnsOf(events.slice(0, kept)), leftOut };
}

/**
 * The part of a run that the page holds. A trial that is too long is cut after a failover, and says what is
 * missing.
 */
export function eventsFor(run: ReportRun, runs: number, perPage = EVENTS_PER_PAGE): TrialEvents[] {
  return keptEvents(run, runs, perPage).map(({ history, kept }) => eventsOfTrial(history, kept));
}

/** The number of events of each trial that the page holds. */
export function keptEvents(run: ReportRun, runs: number, perPage = EVENTS_PER_PAGE) {
  const share = fairShare(
    run.histories.map(({ events }) => events.length),
    perPage / runs,
  );
  return run.histories.map((history) => ({ history, kept: keptOf(history, share) }));
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
function keptOf({ events }: History, share: number): number {
  if (events.length <= share) return events.length;
  const end = events.slice(0, share).findLastIndex(({ type }) => type === "settled" || type === "aborted");
  return end === -1 ? share : end + 1;
}
