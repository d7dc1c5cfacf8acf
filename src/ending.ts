/** How every program here ends: with one exit code, and one sentence if something went wrong. */
import { tmpdir } from "node:os";
import { exitCodes, gravest, LabError } from "./lab-error.ts";
import { flush, warn } from "./output.ts";
import { isDiskError } from "./unwritable.ts";

/** The exit code of a program, once all its output has been written. */
export async function ending(program: Promise<number>): Promise<number> {
  const code = await program.catch(complain);
  return gravest(code, await complaint(flush()));
}

/** The exit code of work whose parts may fail without undoing the rest. */
export async function complaint(...work: readonly Promise<unknown>[]): Promise<number> {
  return gravest(
    exitCodes.fine,
    ...(await Promise.all(work.map((part) => part.then(() => exitCodes.fine, complain)))),
  );
}

/** A person is told what to do; a programmer gets the stack of an unexpected error. */
function complain(error: unknown): number {
  if (error instanceof LabError) {
    warn(error.message);
    return exitCodes[error.code];
  }
  if (error instanceof Error && isDiskError(error)) {
    warn(`${error.message}: make room on the disk, including for temporary files (${tmpdir()})`);
    return exitCodes.io;
  }
  warn(`internal error: ${error instanceof Error ? error.stack : String(error)}`);
  return exitCodes.internal;
}
