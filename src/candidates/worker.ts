/**
 * A candidate's thread: one long task for the pool. A thread that ended with an open session would take the
 * whole process along, so every way out of here closes it first, also an error that nobody caught.
 */
import { threadId } from "node:worker_threads";
import { carryOut } from "./blows.ts";
import { Candidate } from "./candidate.ts";
import {
  type BlowMessage,
  type CandidateTask,
  failed,
  NO_REQUEST,
  type Report,
  type Request,
} from "./protocol.ts";

export default async function run(task: CandidateTask): Promise<void> {
  const { port } = task;
  const report = (message: Report) => port.postMessage(message);
  report({ type: "thread", threadId });
  const candidate = new Candidate(task, report);
  /** The requests so far: one is obeyed after the other. */
  let before = Promise.resolve();
  let stopListening: () => void = () => undefined;
  /** What is under way ends with the session; unless it was just about to have one. */
  const leave = async () => {
    await candidate.close();
    if (!candidate.isBrokenOff) await before;
    await candidate.close();
  };
  try {
    const leaving = await new Promise<number>((resolve, reject) => {
      const fail = (error: unknown) => reject(candidate.lateFault(error));
      process.on("uncaughtException", fail);
      stopListening = () => process.off("uncaughtException", fail);
      const inTurn = (id: number, act: () => Promise<void>) => {
        before = before.then(() => attempt(id, act, report));
      };
      port.on("message", (message: Request | BlowMessage) => {
        // Nothing holds up the leaving: not a delete that waits for a server which never comes back.
        if ("blow" in message) inTurn(NO_REQUEST, () => carryOut(candidate.asVictim, message.blow));
        else if (message.type === "leave") resolve(message.id);
        else inTurn(message.id, () => candidate.obey(message));
      });
    });
    await leave();
    report({ type: "done", id: leaving });
  } catch (error) {
    // First of all: what is under way fails because of it, and only then.
    report(failed(NO_REQUEST, error));
    throw error;
  } finally {
    await leave();
    stopListening();
    port.close();
  }
}

/** Nobody waits for what is no request: it is told of only when it failed. */
async function attempt(
  id: number,
  act: () => Promise<void>,
  report: (report: Report) => void,
): Promise<void> {
  try {
    await act();
    if (id !== NO_REQUEST) report({ type: "done", id });
  } catch (error) {
    report(failed(id, error));
  }
}
