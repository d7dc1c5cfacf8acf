/**
 * Checks what the machine must grant for N candidates before any thread is started: past the limit on memory,
 * or on memory maps, the process gets no error, it dies.
 */
import { readFile } from "node:fs/promises";
import { availableParallelism, freemem } from "node:os";
import { waitingRequestsPerSecond } from "../election/pace.ts";
import { LabError } from "../lab-error.ts";
import { type Read, roomFor } from "./control-group.ts";

type Kind = "maps" | "descriptors" | "ports" | "bytes" | "threads";
type Cost = Readonly<Record<Kind, number>>;

/**
 * Needs of a thread, without the sessions in it: measured on Linux with 25 to 300 threads of one session each,
 * and rounded up: 50 maps with Node 20, and up to 60 with later ones; 10 to 11 MB, and 15 MB with Node 24.
 */
const perThread: Cost = { maps: 64, descriptors: 5, ports: 0, bytes: 15.9e6, threads: 1 };
/** Needs of each session in a thread, besides its descriptors. */
const perSession: Cost = { maps: 0, descriptors: 0, ports: 0, bytes: 0.1e6, threads: 0 };
/**
 * Needs of a candidate whose connections lead through relays: for each of its two, both ends; and a listener
 * for each of up to five servers.
 */
const perRelayed: Cost = { maps: 0, descriptors: 9, ports: 0, bytes: 0.1e6, threads: 0 };
/** Needs of a candidate that is a process, both its own and in the lab, which stands in its path. */
const perProcess: Cost = { maps: 4, descriptors: 16, ports: 1, bytes: 60e6, threads: 11 };
/** Needs of everything else in the process, and of its keeper and an embedded server, which have 44 threads. */
const besides: Cost = { maps: 1000, descriptors: 128, ports: 100, bytes: 700e6, threads: 64 };

export interface Demand {
  readonly candidates: number;
  /** @default "thread" */
  readonly host?: "thread" | "process";
  /** How many candidates share a thread. @default 1 */
  readonly perThread?: number;
  /** The sessions of each candidate: two, if leaders write to a counter. @default 2 */
  readonly sessionsEach?: number;
  /** The descriptors of each session. @default 2 */
  readonly descriptorsEach?: number;
  /** The servers that they are spread over. @default 1 */
  readonly servers?: number;
  /** How many candidates reach their servers through relays. @default 0 */
  readonly relayed?: number;
}

/** @throws {LabError} `usage`, with the figure that is too low */
export async function checkLimits(
  {
    candidates,
    host = "thread",
    perThread: sharing = 1,
    sessionsEach = 2,
    descriptorsEach = 2,
    servers = 1,
    relayed = 0,
  }: Demand,
  read: Read = readIfThere,
): Promise<void> {
  const sockets = sessionsEach * descriptorsEach;
  const need = (kind: Kind, crowd = candidates, inThread = sharing) => {
    const relays = Math.min(crowd, relayed) * perRelayed[kind];
    if (host === "process") return besides[kind] + crowd * perProcess[kind] + relays;
    const sessions = crowd * (kind === "descriptors" ? sockets : perSession[kind]);
    // A connection needs a local port of its own among those to the same server.
    if (kind === "ports") return besides.ports + Math.ceil((crowd * sessionsEach) / servers);
    return besides[kind] + Math.ceil(crowd / inThread) * perThread[kind] + sessions + relays;
  };
  const flags = `--candidates ${candidates}${sharing > 1 ? ` --per-thread ${sharing}` : ""}`;
  /** Needs less of everything but descriptors. */
  const share = (limit: number, kind: Kind) => {
    if (host !== "thread" || perThread[kind] === 0) return "";
    const threads = Math.floor((limit - need(kind, candidates, Number.POSITIVE_INFINITY)) / perThread[kind]);
    return threads < 1 ? "" : `share threads: --per-thread ${Math.ceil(candidates / threads)}; `;
  };
  const check = (what: string, limit: number, kind: Kind, remedy: string) => {
    if (limit >= need(kind)) return;
    let room = candidates;
    while (room > 0 && need(kind, room) > limit) room--;
    throw new LabError(
      "usage",
      `${flags}: ${what} is ${limit}, and about ${need(kind)} are needed; ` +
        `at most ${room} candidates fit; ${share(limit, kind)}${remedy}`,
    );
  };

  const maps = Number(await read("/proc/sys/vm/max_map_count"));
  if (maps > 0)
    check("vm.max_map_count", maps, "maps", `or raise it: sysctl -w vm.max_map_count=${need("maps")}`);
  const limits = await read("/proc/self/limits");
  const descriptors = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? 0);
  if (descriptors > 0) check("the limit on open files", descriptors, "descriptors", "or raise it: ulimit -n");

  const range = /(\d+)\s+(\d+)/.exec(await read("/proc/sys/net/ipv4/ip_local_port_range"));
  if (range !== null)
    check(
      "the number of local ports (net.ipv4.ip_local_port_range)",
      Number(range[2]) - Number(range[1]) + 1,
      "ports",
      `give more --servers, or widen it: sysctl -w net.ipv4.ip_local_port_range="1024 65535"`,
    );

  const processes = Number(/^Max processes\s+(\d+)/m.exec(limits)?.[1] ?? 0);
  // This limit binds everybody but root, and the user's other processes count as well: nobody can tell how many
  // there are.
  const user = /^Uid:\s+\d+\s+(\d+)/m.exec(await read("/proc/self/status"))?.[1];
  if (processes > 0 && user !== undefined && user !== "0")
    check("the limit on a user's processes and threads", processes, "threads", "or raise it: ulimit -u");
  const pids = await roomFor("pids", read);
  if (pids !== undefined) {
    const what = `what is left of a limit of ${pids.limit} processes and threads (${pids.file})`;
    check(what, pids.left, "threads", "or raise it, a container's by --pids-limit");
  }

  const available = Number(/^MemAvailable:\s+(\d+) kB/m.exec(await read("/proc/meminfo"))?.[1] ?? 0) * 1024;
  check("the free memory in bytes", available > 0 ? available : freemem(), "bytes", "or free some");
  const memory = await roomFor("memory", read);
  if (memory !== undefined) {
    const what = `what is left of a limit of ${memory.limit} bytes of memory (${memory.file})`;
    check(what, memory.left, "bytes", "or raise it, a container's by --memory");
  }
}

/**
 * Requests and pings that a processor can bear per second besides its work, while candidates start. Measured on
 * two processors of which others used half, with 1000 candidates: at 1400 a second they lost sessions, at 700
 * none.
 */
const BORNE_PER_SECOND = 350;

/** The shortest session timeout that so many can bear, in whole seconds. */
export function bearableTimeoutMs(candidates: number, processors = availableParallelism()): number {
  // A timeout that is twice as long halves them.
  return Math.ceil(waitingRequestsPerSecond(candidates, 1000) / (BORNE_PER_SECOND * processors)) * 1000;
}

/** A warning before so many start; nothing if the machine can bear them. */
export function caution(
  candidates: number,
  sessionTimeoutMs: number,
  processors = availableParallelism(),
): string | undefined {
  const sent = waitingRequestsPerSecond(candidates, sessionTimeoutMs);
  const borne = BORNE_PER_SECOND * processors;
  if (sent <= borne) return undefined;
  return (
    `--candidates ${candidates} with --session-timeout ${sessionTimeoutMs}: they send about ${Math.round(sent)} requests ` +
    `and pings a second to keep their sessions, and ${processors} processors bear about ${borne} while so many start; ` +
    `sessions may end; use --session-timeout ${bearableTimeoutMs(candidates, processors)}, or fewer candidates`
  );
}

async function readIfThere(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => "");
}
