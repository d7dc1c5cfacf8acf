/**
 * Lines of text that another process writes. Unlike `readline`, this leaves a stream's errors to its listeners,
 * and what the other process has not finished to itself.
 */
import type { Readable } from "node:stream";

/** More than anybody has to say: what follows counts as another line. */
const LONGEST = 2 ** 20;

export function onLines(input: Readable, hear: (line: string) => void): void {
  let rest = "";
  input.setEncoding("utf8").on("data", (text: string) => {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) hear(line);
    if (rest.length <= LONGEST) return;
    hear(rest);
    rest = "";
  });
}
