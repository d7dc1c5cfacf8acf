/**
 * Breaks off what other threads currently run, so that each goes on with its next message. Only for code that
 * never returns: anything that waits for it waits for ever. Ending the whole thread would end the process,
 * since its session is open.
 */
import { Session } from "node:inspector/promises";

/** A thread answers as soon as it runs any code. */
const WITHIN_MS = 1000;

export async function breakOff(threadIds: ReadonlySet<number>): Promise<void> {
  const debug = new Session();
  debug.connect();
  const left = new Set<string>();
  const answered = new Promise<void>((resolve) => {
    debug.on("NodeWorker.receivedMessageFromWorker", ({ params: { sessionId } }) => {
      left.delete(sessionId);
      if (left.size === 0) resolve();
    });
  });
  debug.on("NodeWorker.attachedToWorker", ({ params: { sessionId, workerInfo } }) => {
    // The session's own `workerId` only numbers attached workers.
    const [, threadId] = /^\[worker (\d+)\]/.exec(workerInfo.title) ?? [];
    if (!threadIds.has(Number(threadId))) return;
    left.add(sessionId);
    const message = JSON.stringify({ id: 1, method: "Runtime.terminateExecution" });
    void debug.post("NodeWorker.sendMessageToWorker", { sessionId, message });
  });
  await debug.post("NodeWorker.enable", { waitForDebuggerOnStart: false });
  const late = new Promise((resolve) => setTimeout(resolve, WITHIN_MS));
  await Promise.race([answered, late]);
  debug.disconnect();
}
