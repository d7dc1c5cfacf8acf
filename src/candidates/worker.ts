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
      port.on("message", (message: Request | BlowMessage) => {
        // Nothing holds up the leaving: not a delete that waits for a server which never comes back.
        if ("blow" in message) before = before.then(() => take(candidate, message, report));
        else if (message.type === "leave") resolve(message.id);
        else before = before.then(() => obey(candidate, message, report));
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

async function obey(
  candidate: Candidate,
  request: Exclude<Request, { type: "leave" }>,
  report: (report: Report) => void,
): Promise<void> {
  const { id } = request;
  try {
    await candidate.obey(request);
    report({ type: "done", id });
  } catch (error) {
    report(failed(id, error));
  }
}

async function take(
  candidate: Candidate,
  { blow }: BlowMessage,
  report: (report: Report) => void,
): Promise<void> {
  try {
    await carryOut(candidate.asVictim, blow);
  } catch (error) {
    report(failed(NO_REQUEST, error));
  }
}
