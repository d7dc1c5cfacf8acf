/** How a bench ends as a program: with the exit code of its main function, and with one sentence where it was used wrongly. */
import { ending } from "../src/ending.ts";

/** What is still open then is nobody's: servers end with their keeper. */
export async function runBench(main: (args: readonly string[]) => Promise<number>): Promise<void> {
  process.exit(await ending(main(process.argv.slice(2))));
}
