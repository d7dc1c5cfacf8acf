/**
 * The process that keeps another one's wills: it waits until that is gone, ends its sessions, and ends itself.
 *
 * Standard input: one order per line (estate.ts). Its end means that the other process is gone. Standard
 * output: an answer per line.
 */
import { closeSync, readdirSync, readlinkSync } from "node:fs";
import { createInterface } from "node:readline";
import { Estate, parseOrder } from "./estate.ts";

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
const estate = new Estate();
// Whoever would read the answers may be gone.
process.stdout.on("error", () => undefined);
// Ctrl-C is for the other process; this one goes when that has gone.
process.on("SIGINT", () => undefined);
process.on("SIGHUP", () => undefined);
process.on("SIGTERM", () => undefined);
createInterface({ input: process.stdin })
  .on("line", (line) => {
    const reply = estate.follow(parseOrder(line));
    if (reply !== undefined) process.stdout.write(`${JSON.stringify(reply)}\n`);
  })
  .once("close", async () => {
    await estate.settle();
    process.exit(0);
  });
