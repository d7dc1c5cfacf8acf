/** Waits for a session's connection, and between retries after a lost reply. */
import type { Session, SessionState } from "../zookeeper/session.ts";
import type { Runtime } from "./runtime.ts";

/** The campaign ended before it was won. */
export class CampaignEnded extends Error {
  override readonly name = "CampaignEnded";
}

/**
 * The pause between two tries after a lost reply, while the session has not yet reported that it is cut off.
 */
export const RETRY_MS = 50;

/** Settles after the time, or when the signal is aborted. */
export function pause(runtime: Runtime, ms = RETRY_MS, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const cancel = runtime.after(ms, done);
    signal?.addEventListener("abort", done, { once: true });
  });
}

/** Whether the promise settles, either way, within the time and before the signal is aborted. Never rejects. */
export function settledWithin(
  runtime: Runtime,
  promise: Promise<unknown>,
  ms: number,
  signal?: AbortSignal,
): Promise<"settled" | "too late"> {
  return new Promise((resolve) => {
    const end = (outcome: "settled" | "too late") => {
      cancel();
      signal?.removeEventListener("abort", giveUp);
      resolve(outcome);
    };
    const giveUp = () => end("too late");
    const cancel = runtime.after(ms, giveUp);
    signal?.addEventListener("abort", giveUp, { once: true });
    if (signal?.aborted) giveUp();
    const settled = () => end("settled");
    promise.then(settled, settled);
  });
}

/** @throws {CampaignEnded} when the session ends instead */
export function connected(session: Session): Promise<void> {
  if (session.state === "connected") return Promise.resolve();
  return new Promise((resolve, reject) => {
    const onState = (state: SessionState) => {
      if (state === "connecting" || state === "suspended") return;
      session.off("state", onState);
      if (state === "connected") resolve();
      else reject(new CampaignEnded(`the session is ${state}`));
    };
    session.on("state", onState);
    onState(session.state);
  });
}

/** Whether the session will never be connected again. */
export function isOver({ state }: Session): boolean {
  return state === "expired" || state === "closed";
}
