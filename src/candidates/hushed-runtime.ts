/**
 * Time for an election whose heartbeats can be hushed: its timers wait while the servers are
 * being looked at. Among 200 candidates there is always a heartbeat under way, and nobody could
 * tell whether the servers have counted it.
 *
 * Looks take some milliseconds and lie outside of the measured windows, where nothing else waits for a timer.
 * Should one take longer than a lease can spare, the timers go on all the same.
 */
import { type Runtime, realRuntime } from "../election/runtime.ts";

const AGAIN_MS = 1;

/** @param longestMs that a timer waits, once it is due */
export function hushedRuntime(isHushed: () => boolean, longestMs: number): Runtime {
  return {
    ...realRuntime,
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
