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

/** Three significant digits, and never more than a hundredth of a millisecond. */
export function milliseconds(ms: number): string {
  // From where on a figure would be rounded up to one digit more.
  if (ms >= 99.95) return ms.toFixed(0);
  return ms >= 9.995 ? ms.toFixed(1) : ms.toFixed(2);
}

/** A count per failover: whole where it is whole. */
export function count(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

export function ratio(value: number): string {
  return value >= 9.95 ? value.toFixed(0) : value.toFixed(1);
}
