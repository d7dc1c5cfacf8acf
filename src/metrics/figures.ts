/**
 * Every figure of a failover: its meaning, and how it is computed. `result.json` and its schema, the CSV,
 * thresholds and the tables of docs/reading-results.md are derived from these entries.
 */
import type { Event, EventOf } from "../history/event.ts";
import { type ServerDifference, serverDifference } from "../history/server-difference.ts";
import { isVictim } from "../history/strike.ts";
import { notificationsIn, returnedAt, settledAt, type Window } from "../history/window.ts";
import { count, duration, nullable, type Of, object, oneOf, positive, type Shape, whole } from "../shape.ts";
import type { Gap } from "./gap.ts";
import type { OldLeader } from "./old-leader.ts";

/** What is known of one failover when its window is over. */
export interface Seen {
  readonly window: Window;
  /** The successor's claim. */
  readonly claim: EventOf<"claimed"> | null;
  /** The first notification of the end that any candidate received, and the successor's own. */
  readonly notified: { readonly first: Event; readonly own: Event } | null;
}

/** What is known of it only when the trial is over. */
export interface SeenLater {
  readonly oldLeader: OldLeader;
  readonly gap: Gap | null;
  readonly calibrationMs: number | null;
  readonly server: ServerDifference | null;
}

export interface Figure<Form extends Shape = Shape> {
  /** The type, with its meaning. */
  readonly shape: Form;
  /** It is computed either when the window is over or when the trial is. */
  readonly of?: (seen: Seen) => Of<Form>;
  readonly later?: (seen: SeenLater) => Of<Form>;
}

function figure<Form extends Shape>(shape: Form, of: (seen: Seen) => Of<Form>): Figure<Form> {
  return { shape, of };
}

function laterFigure<Form extends Shape>(shape: Form, later: (seen: SeenLater) => Of<Form>): Figure<Form> {
  return { shape, later };
}

export const staleWrites = object({ attempted: count(), accepted: count() });

/** Figures in the order of their columns. */
export const failoverFigures = {
  failover: figure(
    whole(1, "Its number in the trial, from 1. Outliers, warnings and predictions name failovers by it."),
    ({ window }) => window.strike.failover,
  ),
  end: figure(
    nullable(
      oneOf(["settled", "aborted"]),
      "`settled`, `aborted` (given up after the bound), or `null` if the trial was interrupted inside it. " +
        "Only settled ones count in the herd's averages.",
    ),
    ({ window }) => window.end?.type ?? null,
  ),
  atMs: figure(
    positive(
      "When the fault struck, since the run's origin. Plot figures over it to see whether they drift.",
    ),
    ({ window }) => window.strike.startedAt / 1e6,
  ),
  victim: figure(
    count("The candidate that the fault struck, the oldest if it struck several. Look for it in the trace."),
    ({ window }) => window.strike.victims[0],
  ),
  successor: figure(
    nullable(
      count(),
      "The first other candidate that claimed before the end. It is `null` if nobody new led, which is " +
        "correct for the fault `follower`.",
    ),
    ({ claim }) => claim?.candidate ?? null,
  ),
  totalMs: figure(
    duration(
      "From the fault to the successor's claim: the time without a new leader. This is the figure that `failoverMs` " +
        "summarises.",
    ),
    ({ window, claim }) => between(strikeOf(window), claim),
  ),
  detectionMs: figure(
    duration(
      "From the fault to the first notification that any candidate received. For `freeze` this is mostly " +
        "the session timeout; otherwise it is the server's work and one trip over the network.",
    ),
    ({ window, notified }) => between(strikeOf(window), notified?.first),
  ),
  notificationMs: figure(
    duration(
      "From that first notification to the successor's own. It is 0 if only the successor is woken, and " +
        "grows if many are.",
    ),
    ({ notified }) => between(notified?.first, notified?.own),
  ),
  takeoverMs: figure(
    duration(
      "From the successor's notification to its claim: its look at the contenders. It grows when others ask " +
        "at the same time.",
    ),
    ({ notified, claim }) => between(notified?.own, claim),
  ),
  settledMs: figure(
    duration(
      "From the fault until the last candidate had its watch armed again, or led, victims that come back " +
        "later left out. " +
        "Until then the ensemble is still busy with this failover, even if there is a leader.",
    ),
    ({ window }) => {
      const at = settledAt(window);
      return at === null ? null : between(strikeOf(window), { at });
    },
  ),
  returnMs: figure(
    duration(
      "From when the first victim that came back asked for a new contender until the last one waited or led, " +
        "under faults in whose window they come back. The servers' counts say what that cost.",
    ),
    ({ window }) => {
      const [from, to] = [returnedAt(window), settledAt(window)];
      return from === null || to === null ? null : (to - from) / 1e6;
    },
  ),
  overlapMs: laterFigure(
    duration(
      "From the successor's claim until the victim stopped believing that it leads; 0 if it stopped before. " +
        "This is why work that must not be done twice carries the term's fencing token.",
    ),
    ({ oldLeader }) => oldLeader.overlapMs,
  ),
  unsafeMs: laterFigure(
    duration(
      "From the successor's claim until the victim could no longer act: it had stopped believing, or its " +
        "lease had run out, or the counter had seen the successor's token, whichever came first. Without a " +
        "fence only the first counts. This is what remains of the overlap for a leader that checks its lease " +
        "before each act, or writes through a fence.",
    ),
    ({ oldLeader }) => oldLeader.unsafeMs,
  ),
  staleWrites: laterFigure(
    nullable(
      staleWrites,
      "Writes to the counter by candidates that had already been succeeded, up to the next fault: " +
        "`attempted` counts those after the successor's claim, `accepted` those of them that overwrote " +
        "something that the successor had written. The latter is the harm, and with a fence it is 0. `null` " +
        "without a counter.",
    ),
    ({ oldLeader }) => oldLeader.staleWrites,
  ),
  notifications: figure(
    count(
      "Watch notifications that candidates received between the fault and the end. This is the size of the " +
        "herd.",
    ),
    ({ window }) => notificationsIn(window).herd.length,
  ),
  announcements: figure(
    count(
      "Notifications that the new leader has announced itself in its znode, which only leaders under the " +
        "scheme `heir` do: 1, after the claim, to the new heir. No other count except `server` includes them.",
    ),
    ({ window }) => notificationsIn(window).told.length,
  ),
  leaders: figure(
    count(
      "Candidates that began to lead between the fault and the end: 1 in most failovers, and more where victims " +
        "come back, and go again or not, while others go.",
    ),
    ({ window }) => window.claims.length,
  ),
  reads: figure(
    count(
      "Lists of contenders requested because of a notification, or because the watched contender had " +
        "vanished meanwhile. Each costs the server a reply as long as the list.",
    ),
    ({ window: { events, stray } }) =>
      events.filter(
        (event) =>
          event.type === "reading" &&
          (event.cause === "notified" || event.cause === "vanished") &&
          !stray.has(event),
      ).length,
  ),
  disconnects: figure(
    count(
      "Candidates other than the victim that lost their connection meanwhile. There should be none: look " +
        "for the reason in the trace.",
    ),
    ({ window: { strike, events } }) => {
      const cut = events.filter(
        ({ type, candidate }) => type === "suspended" && !isVictim(strike, candidate),
      );
      return new Set(cut.map(({ candidate }) => candidate)).size;
    },
  ),
  busyMs: figure(
    duration(
      "The longest time for which a candidate other than the victim kept its event loop busy, over the " +
        "whole failover. No notification can have waited longer in its thread.",
    ),
    ({ window: { strike, events } }) => {
      const times = events.flatMap((event) =>
        event.type === "caughtUp" && !isVictim(strike, event.candidate) ? event.busyMicros / 1000 : [],
      );
      return times.length === 0 ? null : times.reduce((longest, ms) => Math.max(longest, ms));
    },
  ),
  pulseMs: laterFigure(
    duration(
      "The calibration: the time that a write and a list took one bare session shortly before, from rest. It tells " +
        "a slow minute of the machine from a slow election; comparisons of two runs are scaled by it.",
    ),
    ({ calibrationMs }) => calibrationMs,
  ),
  lookMs: figure(
    duration(
      "From the successor's request for the list of contenders to its arrival, before its claim: the part " +
        "of the takeover due to the servers and the herd. `null` if it claimed without a look, as an heir " +
        "does.",
    ),
    ({ window: { events }, notified, claim }) => {
      if (notified === null || claim === null) return null;
      const { own } = notified;
      const last = (type: "reading" | "read", until: Event) =>
        events.findLast(
          (event) =>
            event.type === type &&
            event.candidate === claim.candidate &&
            event.at >= own.at &&
            event.at <= until.at,
        );
      const read = last("read", claim);
      return read === undefined ? null : between(last("reading", read), read);
    },
  ),
  gapMs: laterFigure(
    duration(
      "How long nobody could act as the leader, from the fault until all had settled: no candidate had a term whose " +
        "lease held. Where a fault is to unseat nobody, this is its disturbance.",
    ),
    ({ gap }) => gap?.gapMs ?? null,
  ),
  heldMs: laterFigure(
    duration(
      "How long the leader of the moment of the fault could still act: until its term ended, or its lease ran out. " +
        "`null` if it led on until all had settled.",
    ),
    ({ gap }) => gap?.heldMs ?? null,
  ),
  server: laterFigure(
    nullable(serverDifference, "The server counts, below; `null` if the servers do not report them."),
    ({ server }) => server,
  ),
} as const satisfies Readonly<Record<string, Figure>>;

export type FigureName = keyof typeof failoverFigures;

/** The figures of one failover. */
export type Failover = { readonly [Name in FigureName]: Of<(typeof failoverFigures)[Name]["shape"]> };

export const figureNames = Object.keys(failoverFigures) as FigureName[];

export const failover = object(
  Object.fromEntries(figureNames.map((name) => [name, failoverFigures[name].shape])) as {
    [Name in FigureName]: (typeof failoverFigures)[Name]["shape"];
  },
);

function strikeOf({ strike }: Window): Moment {
  return { at: strike.startedAt };
}

interface Moment {
  readonly at: number;
}

/** Milliseconds; `null` if one of the two did not happen. */
function between(from: Moment | null | undefined, to: Moment | null | undefined): number | null {
  return from && to ? (to.at - from.at) / 1e6 : null;
}
