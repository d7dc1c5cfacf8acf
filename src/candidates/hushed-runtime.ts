/**
 * Time for an election whose heartbeats can be hushed: its timers wait while somebody looks at the servers.
 * Among 200 candidates there is always a heartbeat in flight, and nobody could tell whether the servers have
 * counted it.
 *
 * Looks take some milliseconds and are outside the measured windows, where nothing else waits for a timer. If
 * one takes longer than a lease can spare, the timers go on anyway.
 */
import { type Runtime, realRuntime } from "../election/runtime.ts";

const AGAIN_MS = 1;

/**
 * The global `crypto` would take a thread 1 ms, and a quarter of a megabyte. V8 seeds each thread from the
 * system's chance.
 */
function chanceGuid(): string {
  const part = () =>
    Math.floor(Math.random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  return part() + part() + part() + part();
}

/**
 * @param longestMs the longest time that a due timer waits
 * @param inFlight is told of heartbeats that are sent, and of their ends
 */
export function hushedRuntime(
  isHushed: () => boolean,
  longestMs: number,
  inFlight: (change: 1 | -1) => void,
): Runtime {
  return {
    ...realRuntime,
    guid: chanceGuid,
    sent(answer) {
      inFlight(1);
      // Whoever has asked counts the answer first.
      const over = () => void setImmediate(() => inFlight(-1));
      answer.then(over, over);
    },
    after(ms, callback) {
      let dueAt: number | undefined;
      const due = () => {
        dueAt ??= realRuntime.now();
        if (isHushed() && realRuntime.now() < dueAt + longestMs) cancel = realRuntime.after(AGAIN_MS, due);
        else callback();
      };
      let cancel = realRuntime.after(ms, due);
      return () => cancel();
    },
  };
}
