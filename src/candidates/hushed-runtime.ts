/**
 * Time for an election whose heartbeats can be hushed: its timers wait while the servers are being looked at. Among 200
 * candidates there is always a heartbeat under way, and nobody could tell whether the servers have counted it.
 *
 * Looks take some milliseconds and lie outside of the measured windows, where nothing else waits for a timer.
 */
import { type Runtime, realRuntime } from "../election/runtime.ts";

const AGAIN_MS = 1;

export function hushedRuntime(isHushed: () => boolean): Runtime {
  return {
    ...realRuntime,
    after(ms, callback) {
      const due = () => {
        if (isHushed()) cancel = realRuntime.after(AGAIN_MS, due);
        else callback();
      };
      let cancel = realRuntime.after(ms, due);
      return () => cancel();
    },
  };
}
