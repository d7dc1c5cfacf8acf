/** Waiting for a session's connection, and for what is tried again after a lost reply. */
import type { Session, SessionState } from "../zookeeper/session.ts";
import type { Runtime } from "./runtime.ts";

/** The campaign ended before it was won. */
export class CampaignEnded extends Error {
  override readonly name = "CampaignEnded";
}

/** Between two tries after a lost reply, while the session has not said yet that it is cut off. */
export const RETRY_MS = 50;

export function pause(runtime: Runtime, ms = RETRY_MS): Promise<void> {
  return new Promise((resolve) => {
    runtime.after(ms, resolve);
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
