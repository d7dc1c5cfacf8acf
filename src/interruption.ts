/** How a program is told to end: by a person's keys, by a supervisor, or when its terminal is closed. */
import type { EventEmitter } from "node:events";

const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Signals within this time of the first count as the first one: a signal to a process group reaches yarn as
 * well, which passes it on.
 */
const ONE_AND_THE_SAME_MS = 1000;

/**
 * Listens to the signals that end a program.
 * @param first called once: end cleanly
 * @param again called for every later one: somebody does not want to wait for that
 */
export function hearInterruptions(
  first: () => void,
  again: () => void,
  signals: Pick<EventEmitter, "on"> = process,
): void {
  let firstAt: number | undefined;
  const hear = () => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      first();
    } else if (performance.now() - firstAt >= ONE_AND_THE_SAME_MS) again();
  };
  for (const signal of endings) signals.on(signal, hear);
}

/** No handler runs any more. The keeper cleans up. */
export function endAtOnce(): void {
  process.kill(process.pid, "SIGKILL");
}
