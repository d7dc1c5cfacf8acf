/**
 * Lines of text that another process writes. Unlike `readline`, this leaves a stream's errors to its listeners,
 * and what the other process has not finished to itself.
 */
import type { Readable } from "node:stream";

/** More than anybody has to say. */
const LONGEST = 2 ** 20;

/** @param longest what is longer and has no end yet is heard as it is, and what follows is another line */
export function onLines(input: Readable, hear: (line: string) => void, longest = LONGEST): void {
  let rest = "";
  input.setEncoding("utf8").on("data", (text: string) => {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) hear(line);
    if (rest.length <= longest) return;
    hear(rest);
    rest = "";
  });
}
