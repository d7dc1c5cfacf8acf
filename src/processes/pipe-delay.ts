/** How late the lab hears what a process says: the time that a line takes through a pipe. */
import { spawn } from "node:child_process";
import { once } from "node:events";

const ROUND_TRIPS = 100;
/** Code that has just been loaded is slow. */
const WARM_UP = 50;

/** About as long as a candidate's message. */
const LINE = `${"x".repeat(80)}\n`;

/**
 * @returns half of the median round trip to a process that only passes on what it reads, in milliseconds
 * @throws when no process can be started
 */
export async function pipeDelayMs(): Promise<number> {
  const echo = spawn("cat", { stdio: ["pipe", "pipe", "ignore"] });
  try {
    await once(echo, "spawn");
    const times: number[] = [];
    for (let round = 0; round < WARM_UP + ROUND_TRIPS; round++) {
      const start = performance.now();
      echo.stdin.write(LINE);
      await once(echo.stdout, "data");
      if (round >= WARM_UP) times.push(performance.now() - start);
    }
    return (times.toSorted((a, b) => a - b)[ROUND_TRIPS / 2] ?? 0) / 2;
  } finally {
    echo.stdin.end();
  }
}
