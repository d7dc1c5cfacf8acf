/** What is added to a log while it grows, line by line. What was read once is never read again. */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";

export class LogTail {
  readonly #file: string;
  #read = 0;
  /** A line whose end was not there yet. */
  #rest = "";
  readonly #decoder = new StringDecoder("utf8");

  /**
   * @param file which need not be there yet
   * @param from `end` passes over everything that is there
   */
  constructor(file: string, from: "start" | "end" = "start") {
    this.#file = file;
    if (from === "end") this.#read = this.#size;
  }

  /** The whole lines that were added since the last time. */
  lines(): string[] {
    const added = this.#size - this.#read;
    if (added <= 0) return [];
    const piece = Buffer.allocUnsafe(added);
    const log = openSync(this.#file, "r");
    let length: number;
    try {
      length = readSync(log, piece, { position: this.#read });
    } finally {
      closeSync(log);
    }
    this.#read += length;
    const lines = (this.#rest + this.#decoder.write(piece.subarray(0, length))).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines;
  }

  get #size(): number {
    return statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
  }
}
