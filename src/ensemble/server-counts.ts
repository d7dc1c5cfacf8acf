/**
 * What the servers count themselves, from their monitors: read before and after a failover, never during one.
 * The differences are corrected for the lab's own probes and syncs. Pings of the sessions that fall into the
 * time are still in them: the server counts a ping like any other read.
 */
import { type Address, monitor } from "./four-letter-word.ts";

/** The monitor's own names (ZooKeeper 3.6 and newer). Where there are several, their sum counts. */
const metrics = {
  packetsSent: ["packets_sent"],
  packetsReceived: ["packets_received"],
  responseBytes: ["response_bytes"],
  watchBytes: ["watch_bytes"],
  deletedWatches: ["sum_node_deleted_watch_count"],
  childrenWatches: ["sum_node_children_watch_count"],
  dataReads: ["response_packet_cache_hits", "response_packet_cache_misses"],
  readRequests: ["cnt_readlatency"],
} as const;

type Metric = keyof typeof metrics;

/** Since the servers started, summed over them; `null` for what one of them does not tell. */
export type ServerCounts = Readonly<Record<Metric, number | null>>;

/** What one failover made the servers do. */
export interface ServerDifference {
  readonly packetsSent: number | null;
  readonly packetsReceived: number | null;
  readonly responseBytes: number | null;
  readonly watchBytes: number | null;
  /** Notifications of a znode's deletion, and of a change of a child list. */
  readonly deletedWatches: number | null;
  readonly childrenWatches: number | null;
  /** getData calls. */
  readonly dataReads: number | null;
  /** All requests that change nothing: lists, getData calls, and pings. */
  readonly readRequests: number | null;
}

/** `null` where no server permits to be asked. */
export async function countServers(servers: readonly Address[]): Promise<ServerCounts | null> {
  const monitors = await Promise.all(servers.map((server) => monitor(server).catch(() => undefined)));
  if (monitors.includes(undefined)) return null;
  const sumOf = (names: readonly string[]) =>
    monitors.reduce<number | null>((sum, numbers) => {
      const values = names.map((name) => numbers?.get(name));
      return values.reduce<number | null>(
        (total, value) => (total === null || value === undefined ? null : total + value),
        sum,
      );
    }, 0);
  return Object.fromEntries(
    Object.entries(metrics).map(([metric, names]) => [metric, sumOf(names)]),
  ) as ServerCounts;
}

/** What the lab itself did between two counts. */
export interface OwnRequests {
  /** One for each server: to be asked is a packet. */
  readonly probes: number;
  readonly syncs: number;
  /** The znode that was synced: it comes back in each reply. */
  readonly syncedPath: string;
}

/** Bytes of a reply's frame and header (`ReplyHeader`: request number, zxid, error). */
const REPLY_BYTES = 4 + 16;
/** Bytes of the length before a text. */
const LENGTH_BYTES = 4;

export function countsBetween(before: ServerCounts, after: ServerCounts, own: OwnRequests): ServerDifference {
  const difference = (metric: Metric) => minus(after[metric], before[metric]);
  const syncBytes = own.syncs * (REPLY_BYTES + LENGTH_BYTES + Buffer.byteLength(own.syncedPath));
  return {
    packetsSent: minus(difference("packetsSent"), own.syncs),
    packetsReceived: minus(difference("packetsReceived"), own.syncs + own.probes),
    responseBytes: minus(difference("responseBytes"), syncBytes),
    watchBytes: difference("watchBytes"),
    deletedWatches: difference("deletedWatches"),
    childrenWatches: difference("childrenWatches"),
    dataReads: difference("dataReads"),
    readRequests: minus(difference("readRequests"), own.syncs),
  };
}

function minus(from: number | null, part: number | null): number | null {
  return from === null || part === null ? null : from - part;
}
