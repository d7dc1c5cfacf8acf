/**
 * What each failover cost. Its time is detection (fault → the first notification that any candidate receives),
 * notification (→ the successor's own) and takeover (→ its claim), which add up to the total.
 */
import { Circumstances } from "../history/circumstances.ts";
import type { EventOf } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { notificationsIn, successorIn, type Window, windowsOf } from "../history/window.ts";
import { type Failover, failoverFigures, figureNames, type Seen } from "./figures.ts";
import { OldLeaders } from "./old-leader.ts";
import { type CheckedCounts, possibleCounts } from "./possible-counts.ts";

/** One for each strike, in the order of time. Warm-ups are left out. */
export function failovers(history: History): Failover[] {
  const oldLeaders = new OldLeaders(history);
  const causes = new Circumstances(history);
  const windows = windowsOf(history);
  const { servers } = serverCountsOf(history);
  return windows
    .flatMap((window, index) => (window.strike.failover === 0 ? [] : { window, next: windows[index + 1] }))
    .map(({ window, next }, index) => {
      const claim = successorIn(window);
      return failoverOf({
        window,
        claim,
        notified: notifiedIn(window, claim, causes),
        oldLeader: oldLeaders.in(window, claim, next?.strike.startedAt),
        calibrationMs: history.observations?.pulsesMs[index] ?? null,
        server: servers[index] ?? null,
      });
    });
}

/** What the servers counted in each measured failover, as far as it can be right. */
export function serverCountsOf(history: History): CheckedCounts {
  const numbers = windowsOf(history).map(({ strike }) => strike.failover);
  const { servers = [], serverTroubles = [] } = history.observations ?? {};
  return possibleCounts(
    servers,
    numbers.filter((number) => number > 0),
    serverTroubles,
  );
}

function failoverOf(seen: Seen): Failover {
  return Object.fromEntries(figureNames.map((name) => [name, failoverFigures[name].of(seen)])) as Failover;
}

/** `null` where the successor claimed without having been notified. */
function notifiedIn(
  window: Window,
  claim: EventOf<"claimed"> | null,
  causes: Circumstances,
): Seen["notified"] {
  const explained = causes.explained(window);
  // What another contender's end told is no sign of this one's.
  const notified = notificationsIn(window).herd.filter((event) => !explained.has(event));
  const [first] = notified;
  const own = notified.find(({ candidate }) => candidate === claim?.candidate);
  if (claim === null || first === undefined || own === undefined || own.at > claim.at) return null;
  return { first, own };
}
