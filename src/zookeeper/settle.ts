/**
 * Carries a will out: ends the session through the first server that says so, and in vain when its timeout is
 * over, since then the ensemble has ended it.
 */
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { endSession } from "./end-session.ts";
import type { Will } from "./estate.ts";

/** A server that has not answered by then may be slow: the next one is asked as well. */
const NEXT_AFTER_MS = 100;
/** The pause when all servers have been asked. */
const AGAIN_AFTER_MS = 20;
const ANSWERS_WITHIN_MS = 2000;

export async function settle({ identity, servers, auth, timeoutMs }: Will): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  const ended = new AbortController();
  const over = once(ended.signal, "abort");
  while (performance.now() < deadline) {
    for (const server of servers) {
      const asked = endSession(server, identity, auth, ANSWERS_WITHIN_MS).then(
        (farewell) => {
          if (farewell === "over") ended.abort();
        },
        () => undefined,
      );
      await Promise.race([asked, over, delay(NEXT_AFTER_MS)]);
      if (ended.signal.aborted) return;
    }
    await Promise.race([over, delay(AGAIN_AFTER_MS)]);
  }
}
