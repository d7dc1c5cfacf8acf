/** `yarn completion`: prints what a shell needs to complete the commands and their options. */
import { asTyped } from "../installation.ts";
import { commands } from "./commands.ts";
import { parse, type Words } from "./flags.ts";

export interface CompletionOptions {
  readonly type: "completion";
}

/** @throws {LabError} `usage` */
export async function parseCompletion(args: readonly string[]): Promise<CompletionOptions | Words> {
  const parsed = await parse(commands.completion.line, commands.completion.about, {
    args,
    flags: {},
    examples: [['eval "$(yarn completion)"', "in a shell's start-up file, or by hand"]],
  });
  return parsed.type === "words" ? parsed : { type: "completion" };
}

/**
 * A script for bash; zsh accepts it as well, through its `bashcompinit`.
 * @param helps the help text of each command
 */
export function completionScript(helps: readonly string[]): string {
  const commands = helps.map((help) => {
    const [, line = ""] = /^(.+) \[options\]/m.exec(help) ?? [];
    const options = [...help.matchAll(/^ {2,6}(?:-h, )?(--[a-z-]+)/gm)].map(([, option = ""]) => option);
    return { line, options };
  });
  const [program] = asTyped("yarn lab").split(" ");
  const names = commands.map(({ line }) => line.split(" ")[1]);
  return `# Completes ${program}: eval "$(${asTyped("yarn completion")})"
_zk_election_lab() {
  local line="\${COMP_LINE:0:$COMP_POINT}" words=""
  local typed="\${line##* }"
  case "$line" in
${commands.map(({ line, options }) => `    "${line} "*) words="${options.join(" ")}" ;;`).join("\n")}
    "${program} "*[!\\ ]*" "*) ;;
    *) words="${names.join(" ")}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$typed"))
  # Where a colon parts words, as it does in bash, only what follows the last one is replaced.
  if [[ "$typed" == *:* && "\${COMP_WORDBREAKS-}" == *:* ]]; then
    local kept="\${typed%"\${typed##*:}"}"
    COMPREPLY=("\${COMPREPLY[@]#"$kept"}")
  fi
}
[ -n "\${ZSH_VERSION-}" ] && autoload -U +X bashcompinit && bashcompinit
complete -o default -F _zk_election_lab ${program}`;
}
