/**
 * The process that keeps another one's wills: it waits until that is gone, ends its sessions, and ends itself.
 *
 * Standard input: one order per line (estate.ts). Its end means that the other process is gone. Standard
 * output: an answer per line.
 */
import { closeSync, readdirSync, readlinkSync } from "node:fs";
import { keepWills } from "./estate.ts";
import { rehearse } from "./rehearsal.ts";
import { settle } from "./settle.ts";

/**
 * Child processes inherit the native client's sockets. Here they would keep connections open that the other
 * process has closed, or has died with.
 */
function closeInheritedSockets(): void {
  for (const number of readdirSync("/proc/self/fd").map(Number)) {
    try {
      if (number > 2 && readlinkSync(`/proc/self/fd/${number}`).startsWith("socket:")) closeSync(number);
    } catch {
      // It was the folder's own.
    }
  }
}

if (process.platform === "linux") closeInheritedSockets();
// Ctrl-C is for the other process; this one goes when that has gone.
process.on("SIGINT", () => undefined);
process.on("SIGHUP", () => undefined);
process.on("SIGTERM", () => undefined);
void keepWills(process.stdin, process.stdout, settle).then(() => process.exit(0));
void rehearse();
