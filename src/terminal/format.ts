/** Formats figures and text for a terminal. The only file that knows about colour. */
import { Chalk } from "chalk";

export type Paint = InstanceType<typeof Chalk>;

/** Whether a stream gets plain text only: a pipe, a terminal that cannot draw, or `NO_COLOR` (no-color.org). */
export function isPlain(stream: NodeJS.WriteStream): boolean {
  return !stream.isTTY || (process.env.NO_COLOR ?? "") !== "" || process.env.TERM === "dumb";
}

export function paintFor(stream: NodeJS.WriteStream): Paint {
  return isPlain(stream) ? new Chalk({ level: 0 }) : new Chalk();
}

/** Breaks a line between words, so that each part fits; a word longer than a line stays whole. */
export function wrap(text: string, columns: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && longer.length > columns) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].join("\n");
}

/** A text after a mark that shows its meaning even without colour; further lines align with the text. */
export function hanging(
  mark: string,
  colour: (text: string) => string,
  text: string,
  columns: number,
): string {
  return `${colour(mark)} ${wrap(text, columns - 2).replaceAll("\n", "\n  ")}`;
}
