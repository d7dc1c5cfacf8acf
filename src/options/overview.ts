/** The program's overall help: its commands, each with the first sentence of its own help. */

export function overview(helps: readonly string[]): string {
  const commands = helps.map((help) => {
    const [sentence = "", usage = ""] = help.split("\n\n");
    return `  ${usage.trim()}\n      ${sentence.replaceAll("\n", " ")}`;
  });
  return [
    "Leader election on Apache ZooKeeper, measured, judged and shown.",
    ["Commands:", ...commands].join("\n"),
    [
      "Options of each:",
      "  -h, --help     print the options of a command",
      "      --version  print the lab's version",
    ].join("\n"),
  ].join("\n\n");
}
