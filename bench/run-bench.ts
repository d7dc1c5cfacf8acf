/** Runs a bench as a program: from arguments to work to an exit code, with one sentence on wrong usage. */
import { ending } from "../src/ending.ts";
import { endAtOnce, hearInterruptions } from "../src/interruption.ts";
import { exitCodes } from "../src/lab-error.ts";
import type { Words } from "../src/options/flags.ts";
import { print } from "../src/output.ts";

/** Anything still open at the end does not matter: servers end with their keeper. */
export async function runBench<Options extends { readonly type: string }>(
  parse: (args: readonly string[]) => Promise<Options | Words>,
  run: (options: Options, args: readonly string[]) => Promise<number>,
): Promise<void> {
  const main = async (args: readonly string[]) => {
    const options = await parse(args);
    if (!isWords(options)) return run(options, args);
    print(options.words);
    return exitCodes.fine;
  };
  process.exit(await ending(main(process.argv.slice(2))));
}

function isWords(options: { readonly type: string }): options is Words {
  return options.type === "words";
}

/** Used by a bench that has something to keep: without this, the first signal ends it at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  hearInterruptions(() => controller.abort(), endAtOnce);
  return controller.signal;
}
