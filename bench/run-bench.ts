/** How a bench ends as a program: with the exit code of its main function, and with one sentence where it was used wrongly. */
import { exitCodes, LabError } from "../src/lab-error.ts";

export async function runBench(main: (args: readonly string[]) => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = exitCodes[error.code];
  }
}
