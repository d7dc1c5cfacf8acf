/** How figures and words look in a terminal. The only place that knows of colour. */
import { Chalk } from "chalk";

export type Paint = InstanceType<typeof Chalk>;

/** Whether a stream gets plain text only: a pipe, a terminal that cannot draw, or `NO_COLOR` (no-color.org). */
export function isPlain(stream: NodeJS.WriteStream): boolean {
  return !stream.isTTY || (process.env.NO_COLOR ?? "") !== "" || process.env.TERM === "dumb";
}

export function paintFor(stream: NodeJS.WriteStream): Paint {
  return isPlain(stream) ? new Chalk({ level: 0 }) : new Chalk();
}

/** Breaks a line between words, so that each part fits; a word that is longer than a line stays whole. */
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

/** A text behind a mark that also tells without colour what it is; further lines stand below the text. */
export function hanging(
  mark: string,
  colour: (text: string) => string,
  text: string,
  columns: number,
): string {
  return `${colour(mark)} ${wrap(text, columns - 2).replaceAll("\n", "\n  ")}`;
}
