/** What a line that changes is drawn with. */
import isUnicodeSupported from "is-unicode-supported";

const unicode = { leads: "♛", watches: "←", more: "…", apart: "·", done: "█", left: "░" };

export type Marks = Readonly<typeof unicode>;

const ascii: Marks = { leads: "leads", watches: "<-", more: "...", apart: "|", done: "#", left: "." };

/** Plain ASCII where the terminal can draw nothing else, such as the console of a Linux kernel. */
export function marksOfTerminal(): Marks {
  return isUnicodeSupported() ? unicode : ascii;
}
