/**
 * Asks an ensemble again when it has not answered: one of several servers may die, and the session moves to
 * another.
 */
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { LabError } from "../lab-error.ts";
import { ConnectionLoss, InvalidState, OutcomeUnknown } from "../zookeeper/errors.ts";
import type { Session } from "../zookeeper/session.ts";
import type { Ensemble } from "./ensemble.ts";

/** Several servers may be silent: the client tries one after the other. */
const CONNECTED_WITHIN_MS = 5000;
/** Used when nothing is at stake but leftovers that go by themselves later. */
const CLEARING_UP_WITHIN_MS = 1000;
/** A loss may be reported a moment after the call has failed. */
const PAUSE_MS = 50;

type Asked = Pick<Ensemble, "session" | "connect" | "patienceMs">;

/**
 * @param ask does no harm if it is done twice
 * @throws {NoAnswer} when no server takes the session back in time
 */
export async function patiently<Answer>(ensemble: Asked, ask: () => Promise<Answer>): Promise<Answer> {
  const late = AbortSignal.timeout(ensemble.patienceMs ?? CONNECTED_WITHIN_MS);
  let loss: ConnectionLoss | undefined;
  for (;;) {
    const { session } = ensemble;
    // Without a connection a call would wait for ten seconds.
    const isLate = session.state === "suspended" && !(await isConnected(session, late));
    if (isLate || (loss !== undefined && late.aborted)) throw new NoAnswer(ensemble, loss);
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ConnectionLoss)) throw error;
      loss = error;
      await delay(PAUSE_MS);
    }
  }
}

export class NoAnswer extends LabError {
  override readonly name = "NoAnswer";

  constructor({ connect }: Pick<Ensemble, "connect">, cause?: unknown) {
    super(
      "unavailable",
      `no server of ${connect} serves the run any more; check that they are up and have a quorum, then start it again`,
      { cause },
    );
  }
}

/** Whether the outcome is unknown. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof OutcomeUnknown || error instanceof InvalidState;
}

/** Whether cleaning up is worth trying: a session without a connection keeps each call for ten seconds. */
export function isWithinReach(session: Session): Promise<boolean> {
  return isConnected(session, AbortSignal.timeout(CLEARING_UP_WITHIN_MS));
}

/** Waits for a connection, until it is too late. */
async function isConnected(session: Session, late: AbortSignal): Promise<boolean> {
  while (session.state === "suspended" && !late.aborted)
    await once(session, "state", { signal: late }).catch(() => undefined);
  return session.state === "connected" && !late.aborted;
}
