/** The command that repeats a run, in a shell's syntax. */
import type { Result } from "../export/result.ts";

export function commandLine({ command, argv }: Result["run"]): string {
  const given = argv[0] === "lab" || argv[0] === "bench" ? argv : [command, ...argv];
  return ["yarn", ...given].map(quoted).join(" ");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
