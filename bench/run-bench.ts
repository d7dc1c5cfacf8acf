/** A bench as a program: from words to work to an exit code, with one sentence where it was used wrongly. */
import { endAtOnce, hearInterruptions } from "../src/interruption.ts";
import { exitCodes, LabError } from "../src/lab-error.ts";
import type { Words } from "../src/options/flags.ts";

export async function runBench<Options extends { readonly type: string }>(
  parse: (args: readonly string[]) => Promise<Options | Words>,
  run: (options: Options, args: readonly string[]) => Promise<number>,
): Promise<void> {
  const args = process.argv.slice(2);
  try {
    const options = await parse(args);
    if (isWords(options)) process.stdout.write(`${options.words}\n`);
    else process.exitCode = await run(options, args);
  } catch (error) {
    const known = error instanceof LabError;
    process.stderr.write(`${known ? error.message : `internal error: ${(error as Error).stack}`}\n`);
    process.exitCode = exitCodes[known ? error.code : "internal"];
  }
}

function isWords(options: { readonly type: string }): options is Words {
  return options.type === "words";
}

/** For a bench that has something to keep: without it, the first signal ends it at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  hearInterruptions(() => controller.abort(), endAtOnce);
  return controller.signal;
}
