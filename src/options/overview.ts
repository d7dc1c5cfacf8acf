/** The program's overall help: its commands, and a sentence about each. */
import { asTyped } from "../installation.ts";
import { commands } from "./commands.ts";

export function overview(): string {
  const lines = Object.values(commands).map((command) => {
    const operands = "operands" in command ? ` ${command.operands}` : "";
    return `  ${asTyped(command.line)} [options]${operands}\n      ${command.about}`;
  });
  return [
    "Leader election on Apache ZooKeeper, measured, judged and shown.",
    ["Commands:", ...lines].join("\n"),
    [
      "Options of each:",
      "  -h, --help     print the options of a command",
      "      --version  print the lab's version",
    ].join("\n"),
  ].join("\n\n");
}
