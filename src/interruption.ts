/**
 * How a program hears that it is to end: from a person's keys, from a supervisor, or as its terminal is closed.
 */
import type { EventEmitter } from "node:events";

const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Signals within this time of the first are the first one: who signals a group of processes reaches yarn as
 * well, and yarn passes the signal on.
 */
const ONE_AND_THE_SAME_MS = 1000;

/**
 * Listens to the signals that end a program.
 * @param first told once: it is to end in order
 * @param again told of every later one: somebody is not content with that
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

/** No handler runs any more. The keeper clears up. */
export function endAtOnce(): void {
  process.kill(process.pid, "SIGKILL");
}
