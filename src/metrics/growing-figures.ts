/** The figures that may grow with the number of candidates, each with what it may consist of. */
import type { CrowdCosts, Join } from "../history/crowd-costs.ts";
import type { Enrolment } from "../history/observations.ts";
import type { Failover } from "./figures.ts";

/**
 * What a cost is counted by: once; for each candidate; for each candidate but one; for each that joins at the
 * same time as one that joins; for each name in the lists of all candidates but one; for each name in as many
 * lists again for each candidate but two; or for each request of a second at rest (election/pace.ts).
 */
export const terms = [
  ...(["once", "perCandidate", "perOther", "perPeer", "perPair", "perTriple"] as const),
  "perRequest",
] as const;
export type Term = (typeof terms)[number];

/** The parts of a trial that its figures are read from. */
export interface GrowingTrial {
  readonly candidates: number;
  readonly join: string;
  readonly failovers: readonly Failover[];
  readonly enrolment?: Enrolment | null;
  readonly crowd?: CrowdCosts;
}

/** How candidates join, and how they wake others as it was measured. */
export interface Manner {
  /** One that joins lists nobody. */
  readonly byNumber: boolean;
  /** One that dies wakes more if there are more. */
  readonly herd: boolean;
  /** One that joins wakes all that wait, and each of them lists all. */
  readonly byJoining: boolean;
}

export function mannerOf(trials: readonly GrowingTrial[]): Manner {
  const failovers = trials.flatMap((trial) => trial.failovers);
  return {
    byNumber: trials.every(({ join }) => join === "by-number"),
    herd: failovers.some(({ notifications }) => notifications > 2),
    byJoining: failovers.some(({ server }) => (server?.childrenWatches ?? 0) > 0),
  };
}

export interface GrowingFigure {
  readonly title: string;
  /** Whose it is, or when. */
  readonly of: string;
  readonly unit: "ms" | "bytes" | "count" | "ms/s";
  /** The terms that physics allows. */
  terms(manner: Manner): readonly Term[];
  /** One value for each measurement. */
  values(trial: GrowingTrial): readonly number[];
}

/** The values of failovers that settled. */
function perFailover(read: (failover: Failover) => number | null | undefined): GrowingFigure["values"] {
  return ({ failovers }) =>
    failovers.flatMap((failover) => (failover.end === "settled" ? (read(failover) ?? []) : []));
}

function perCrowd(read: (crowd: CrowdCosts) => number | null): GrowingFigure["values"] {
  return ({ crowd }) => (crowd === undefined ? [] : [read(crowd) ?? []].flat());
}

/** The values of each time that all joined. */
function perJoin(read: (join: Join) => number | null): GrowingFigure["values"] {
  return ({ crowd }) => (crowd === undefined ? [] : joinsOf(crowd).flatMap((join) => read(join) ?? []));
}

/** A run may have measured one join only, of any crowd. */
function joinsOf(crowd: CrowdCosts): readonly Join[] {
  if (crowd.joins !== undefined) return crowd.joins;
  const { joinMs: ms, joinResponseBytes: responseBytes, joinServerCpuMs: serverCpuMs } = crowd;
  return [{ ms, responseBytes, serverCpuMs, labCpuMs: crowd.joinLabCpuMs ?? 0 }];
}

/** Only a herd asks for more than one list. */
const ofFailover = ({ herd }: Manner) =>
  herd ? (["once", "perCandidate", "perPair"] as const) : (["once", "perCandidate"] as const);
const ofJoin = ({ byNumber, byJoining }: Manner): readonly Term[] => [
  ...(["once", "perCandidate"] as const),
  ...(byNumber ? [] : (["perPair"] as const)),
  ...(byJoining ? (["perTriple"] as const) : []),
];
/** A list also names those that join at the same time, though they come later in the line. */
const ofJoinLists = (manner: Manner): readonly Term[] =>
  manner.byNumber ? ofJoin(manner) : [...ofJoin(manner), "perPeer"];
const ofEach = () => ["once", "perCandidate"] as const;
const ofOthers = () => ["once", "perOther"] as const;
const ofRequests = () => ["once", "perRequest"] as const;

export const growingFigures = {
  failoverMs: {
    title: "failover",
    of: "until the next leader leads",
    unit: "ms",
    terms: ofFailover,
    values: perFailover(({ totalMs }) => totalMs),
  },
  settledMs: {
    title: "settled again",
    of: "until all wait again",
    unit: "ms",
    terms: ofFailover,
    values: perFailover(({ settledMs }) => settledMs),
  },
  notifications: {
    title: "notifications",
    of: "per failover",
    unit: "count",
    terms: ofOthers,
    values: perFailover(({ notifications }) => notifications),
  },
  reads: {
    title: "lists read",
    of: "per failover",
    unit: "count",
    terms: ofOthers,
    values: perFailover(({ reads }) => reads),
  },
  responseBytes: {
    title: "bytes answered",
    of: "by the servers, per failover",
    unit: "bytes",
    terms: ofFailover,
    values: perFailover(({ server }) => server?.responseBytes),
  },
  serverCpuMs: {
    title: "servers’ processors",
    of: "per failover",
    unit: "ms",
    terms: ofFailover,
    values: perFailover(({ server }) => server?.cpuMs),
  },
  joinMs: {
    title: "joining",
    of: "of all, their sessions being there",
    unit: "ms",
    terms: ofJoin,
    values: perJoin(({ ms }) => ms),
  },
  joinBytes: {
    title: "bytes answered",
    of: "while all join",
    unit: "bytes",
    terms: ofJoinLists,
    values: perJoin(({ responseBytes }) => responseBytes),
  },
  joinServerCpuMs: {
    title: "servers’ processors",
    of: "while all join",
    unit: "ms",
    terms: ofJoin,
    values: perJoin(({ serverCpuMs }) => serverCpuMs),
  },
  idleServerCpu: {
    title: "servers’ processors",
    of: "at rest, of a core",
    unit: "ms/s",
    terms: ofRequests,
    values: perCrowd(({ restServerCpuMs, restMs }) => perSecond(restServerCpuMs, restMs)),
  },
  idleLabCpu: {
    title: "candidates’ processors",
    of: "at rest, of a core",
    unit: "ms/s",
    terms: ofRequests,
    values: perCrowd(({ restLabCpuMs, restMs }) => perSecond(restLabCpuMs, restMs)),
  },
  heapBytes: {
    title: "live heap",
    of: "of a server, with all at rest",
    unit: "bytes",
    terms: ofEach,
    values: perCrowd(({ settledHeapBytes }) => settledHeapBytes),
  },
  labBytes: {
    title: "memory of the lab",
    of: "for all candidates",
    unit: "bytes",
    terms: ofEach,
    values: ({ enrolment, candidates }) =>
      enrolment == null ? [] : [enrolment.rssBytesPerCandidate * candidates],
  },
} as const satisfies Readonly<Record<string, GrowingFigure>>;

export type GrowingFigureName = keyof typeof growingFigures;

export const growingFigureNames = Object.keys(growingFigures) as GrowingFigureName[];

function perSecond(cpuMs: number | null, ms: number | null): number | null {
  return cpuMs === null || ms === null ? null : (1000 * cpuMs) / ms;
}
