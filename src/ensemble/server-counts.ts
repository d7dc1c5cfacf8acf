/**
 * The servers' own counts, from their monitors: read before and after a failover, never during one. The
 * differences are corrected for the lab's own requests, and for the sessions' pings.
 */
import type { ServerDifference } from "../history/server-difference.ts";
import type { Ensemble } from "./ensemble.ts";
import type { Monitor } from "./four-letter-word.ts";
import { areSameJvms, type JvmCounts } from "./jvm.ts";
import { jvmCounts } from "./member.ts";
import { hasCountedOn } from "./same-server.ts";

/** The monitor's names (ZooKeeper 3.6 and newer). If there are several, their sum counts. */
const metrics = {
  packetsSent: ["packets_sent"],
  packetsReceived: ["packets_received"],
  bytesReceived: ["bytes_received_count"],
  responseBytes: ["response_bytes"],
  watchBytes: ["watch_bytes"],
  deletedWatches: ["sum_node_deleted_watch_count"],
  childrenWatches: ["sum_node_children_watch_count"],
  dataReads: ["response_packet_cache_hits", "response_packet_cache_misses"],
  // Lists, getData calls, syncs and pings.
  readRequests: ["cnt_readlatency"],
  readMs: ["sum_readlatency"],
  updates: ["cnt_updatelatency"],
  updateMs: ["sum_updatelatency"],
  fsyncMs: ["sum_fsynctime"],
  outstandingRequests: ["outstanding_requests"],
} as const;

type Metric = keyof typeof metrics;

/** Counts since the servers started, summed over them; `null` for a count that one of them does not report. */
export type ServerCounts = Readonly<Record<Metric | "cpuMs" | "gcPauseMs", number | null>>;

/** The counts between two looks. */
export function subtract(after: ServerCounts, before: ServerCounts): ServerCounts {
  const names = Object.keys(after) as (keyof ServerCounts)[];
  return Object.fromEntries(names.map((name) => [name, minus(after[name], before[name])])) as ServerCounts;
}

/** The servers' reports, and their sum. */
export interface Counted {
  readonly monitors: readonly Monitor[];
  /** The JVMs of our own servers. */
  readonly jvms: readonly JvmCounts[];
  readonly counts: ServerCounts;
}

/** `null` if one of the servers does not report, or not in time. */
export async function countServers(
  { monitors: all, members }: Ensemble,
  withinMs: number,
): Promise<Counted | null> {
  const monitors = await all.look(withinMs);
  if (monitors === null) return null;
  const jvms = jvmCounts(members);
  const counted = Object.entries(metrics).map(([metric, names]) => {
    const values = monitors.flatMap((numbers) => names.map((name) => numbers.get(name)));
    return [metric, sumOf(values)] as const;
  });
  const counts = {
    ...(Object.fromEntries(counted) as Record<Metric, number | null>),
    cpuMs: jvms.length === 0 ? null : sumOf(jvms.map(({ cpuMs }) => cpuMs)),
    gcPauseMs: jvms.length === 0 ? null : sumOf(jvms.map(({ gcPauseMs }) => gcPauseMs)),
  };
  return { monitors, jvms, counts };
}

/** Whether the same servers gave both reports, and kept counting: otherwise the difference means nothing. */
export function haveCountedOn(before: Counted, after: Counted): boolean {
  const monitors = after.monitors.every((monitor, index) => {
    const earlier = before.monitors[index];
    return earlier !== undefined && hasCountedOn(earlier, monitor);
  });
  return monitors && areSameJvms(before.jvms, after.jvms);
}

/** `null` if any of them is missing. */
function sumOf(values: readonly (number | null | undefined)[]): number | null {
  return values.reduce<number | null>(
    (sum, value) => (sum === null || value === null || value === undefined ? null : sum + value),
    0,
  );
}

/** Syncs of the election's znode, and `exists` requests for the candidate's own contender. */
export interface Heartbeats {
  readonly syncs: number;
  readonly owns: number;
}

/** Other requests between two counts, not made by the election. */
export interface Between {
  /** The counts that one look itself adds, measured by two looks with nothing between them. */
  readonly look: ServerCounts;
  /** Looks between the two, including the second one. */
  readonly looks: number;
  readonly syncs: number;
  /** Heartbeats of the candidates; `null` if leaders made an unknown number of other requests. */
  readonly heartbeats: Heartbeats | null;
  /** The znode that was synced: each reply contains it. It is also the one that is listed. */
  readonly election: string;
  /** The time in which a session may have sent nothing but pings, in milliseconds. */
  readonly quietMs: number;
  readonly sessionTimeoutMs: number;
  /** Bytes of the fault's own requests; `null` if not known. */
  readonly faultBytes: number | null;
}

/** A reply's header (`ReplyHeader`: request number, zxid, error). The servers do not count its frame. */
const REPLY_BYTES = 16;
/** A request's frame and header (`RequestHeader`: request number, type). A ping is nothing more. */
const REQUEST_BYTES = 4 + 8;
/** The length before a text. */
const LENGTH_BYTES = 4;
/** The watch flag of a list or a getData. */
const WATCH_BYTES = 1;
/** A slash and a contender's name: 32 hexadecimal digits, "-c-" and ten digits. */
const CONTENDER_BYTES = 1 + 32 + 3 + 10;
/** The answer to `exists` (`Stat`: five zxids or times and the owner, five whole numbers). */
const STAT_BYTES = 6 * 8 + 5 * 4;

export function countsBetween(before: ServerCounts, after: ServerCounts, between: Between): ServerDifference {
  const { look, looks, heartbeats } = between;
  const syncs = between.syncs + (heartbeats?.syncs ?? 0);
  const path = Buffer.byteLength(between.election);
  const all = subtract(after, before);
  const difference = (metric: keyof ServerCounts) => minus(all[metric], times(looks, look[metric]));
  // Requests that leaders made for other reasons are in all counts of requests.
  const asked = (metric: keyof ServerCounts) => (heartbeats === null ? null : difference(metric));
  const owns = heartbeats?.owns ?? 0;
  const reads = minus(asked("readRequests"), syncs + owns);
  const dataReads = asked("dataReads");
  const ownBytes = REQUEST_BYTES + LENGTH_BYTES + path + CONTENDER_BYTES + WATCH_BYTES;
  const bytes = minus(
    asked("bytesReceived"),
    syncs * (REQUEST_BYTES + LENGTH_BYTES + path) + owns * ownBytes,
  );
  const pings = pingsAmong(reads, dataReads, bytes, between);
  const without = (count: number | null) => minus(count, pings ?? 0);
  const requests = without(reads);
  return {
    packetsSent: without(minus(asked("packetsSent"), syncs + owns)),
    packetsReceived: without(minus(asked("packetsReceived"), syncs + owns)),
    responseBytes: minus(
      asked("responseBytes"),
      syncs * (REPLY_BYTES + LENGTH_BYTES + path) + owns * (REPLY_BYTES + STAT_BYTES),
    ),
    watchBytes: difference("watchBytes"),
    deletedWatches: difference("deletedWatches"),
    childrenWatches: difference("childrenWatches"),
    dataReads,
    readRequests: requests,
    lists: minus(requests, dataReads),
    pings: heartbeats === null ? null : pings,
    // Times stay as they are, whoever caused them.
    readLatencyMs: mean(all.readMs, all.readRequests),
    updateLatencyMs: mean(all.updateMs, all.updates),
    fsyncMs: all.fsyncMs,
    outstandingRequests: after.outstandingRequests,
    cpuMs: all.cpuMs,
    gcPauseMs: all.gcPauseMs,
  };
}

/**
 * The number of pings among the reads. A client pings when it has sent nothing for a third of its session
 * timeout (zookeeper.c, `zookeeper_interest`), so in a shorter time there are none. Otherwise their number
 * follows from the bytes received, since a list names the election and a ping names nothing. Returns `null` if
 * it cannot be told.
 */
function pingsAmong(
  reads: number | null,
  dataReads: number | null,
  bytes: number | null,
  { election, quietMs, sessionTimeoutMs, faultBytes }: Between,
): number | null {
  if (quietMs < sessionTimeoutMs / 3) return 0;
  if (reads === null || dataReads === null || bytes === null || faultBytes === null) return null;
  const path = Buffer.byteLength(election);
  const listBytes = REQUEST_BYTES + LENGTH_BYTES + path + WATCH_BYTES;
  const dataReadBytes = listBytes + CONTENDER_BYTES;
  const listsAndPings = reads - dataReads;
  const theirBytes = bytes - faultBytes - dataReads * dataReadBytes;
  const lists = (theirBytes - listsAndPings * REQUEST_BYTES) / (listBytes - REQUEST_BYTES);
  const possible = Number.isInteger(lists) && lists >= 0 && lists <= listsAndPings;
  return possible ? listsAndPings - lists : null;
}

function times(factor: number, value: number | null): number | null {
  return value === null ? null : factor * value;
}

function minus(from: number | null, part: number | null): number | null {
  return from === null || part === null ? null : from - part;
}

function mean(sum: number | null, count: number | null): number | null {
  return sum === null || count === null || count === 0 ? null : sum / count;
}
