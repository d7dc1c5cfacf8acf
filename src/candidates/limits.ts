/**
 * What the machine must grant for N threads, looked at before any is started: past the limit on memory maps
 * the process does not get an error, it dies.
 */
import { readFile } from "node:fs/promises";
import { availableParallelism, freemem } from "node:os";
import { LabError } from "../lab-error.ts";

/**
 * Of one candidate, measured on Linux with Node 20 and 25 to 300 candidates, and rounded up: 54 to 58 maps, more
 * as its heap grows; 5 descriptors, and one more where its leaders write to a counter; 10 to 11 MB, and 15 MB with Node 24.
 */
const perCandidate = { maps: 64, descriptors: 8, bytes: 16e6 } as const;
/** Of everything else in the process, and of an embedded server. */
const besides = { maps: 1000, descriptors: 128, bytes: 700e6 } as const;

/**
 * @param read the text of a system's file; empty where there is no such file
 * @throws {LabError} `usage`, with the figure that is short
 */
export async function checkLimits(candidates: number, read = readIfThere): Promise<void> {
  const need = (kind: keyof typeof perCandidate) => besides[kind] + candidates * perCandidate[kind];
  const room = (limit: number, kind: keyof typeof perCandidate) =>
    Math.max(0, Math.floor((limit - besides[kind]) / perCandidate[kind]));
  const refuse = (what: string, limit: number, kind: keyof typeof perCandidate, remedy: string) =>
    new LabError(
      "usage",
      `--candidates ${candidates}: ${what} is ${limit}, and about ${need(kind)} are needed; ` +
        `at most ${room(limit, kind)} candidates fit; ${remedy}`,
    );

  const maps = Number(await read("/proc/sys/vm/max_map_count"));
  if (maps > 0 && maps < need("maps")) {
    throw refuse("vm.max_map_count", maps, "maps", `or raise it: sysctl -w vm.max_map_count=${need("maps")}`);
  }
  const limits = await read("/proc/self/limits");
  const descriptors = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? 0);
  if (descriptors > 0 && descriptors < need("descriptors")) {
    throw refuse("the limit on open files", descriptors, "descriptors", "or raise it: ulimit -n");
  }
  const available = Number(/^MemAvailable:\s+(\d+) kB/m.exec(await read("/proc/meminfo"))?.[1] ?? 0) * 1024;
  const memory = available > 0 ? available : freemem();
  if (memory < need("bytes")) throw refuse("the free memory in bytes", memory, "bytes", "or free some");
}

/**
 * Candidates that a processor bears for each second of their session timeout. Measured on two processors of which others used
 * half: 1000 lost their sessions with a timeout of 4 s and of 10 s, and none with one of 20 s.
 */
const BORNE_PER_SECOND = 25;

/** What to tell a person before so many start; nothing, where the machine bears them. */
export function caution(
  candidates: number,
  sessionTimeoutMs: number,
  processors = availableParallelism(),
): string | undefined {
  const seconds = Math.ceil(candidates / (BORNE_PER_SECOND * processors));
  if (sessionTimeoutMs >= seconds * 1000) return undefined;
  return (
    `--candidates ${candidates} with --session-timeout ${sessionTimeoutMs}: on ${processors} processors, sessions may ` +
    `end while so many start; give --session-timeout ${seconds * 1000}, or fewer candidates`
  );
}

async function readIfThere(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => "");
}
