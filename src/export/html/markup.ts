/** HTML as text in which everything that comes from outside is escaped: it says so in its type. */
import { htmlEscape } from "escape-goat";

/** Text that is HTML already. Made by {@link html} only, and by those who embed a file of ours. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | readonly Part[] | null | undefined;

/** A template: what is filled in is escaped unless it is markup itself; lists are joined, `null` is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.map((text, index) => text + textOf(parts[index])).join(""));
}

function textOf(part: Part): string {
  if (part === null || part === undefined) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "string" || typeof part === "number") return htmlEscape(String(part));
  return part.map(textOf).join("");
}
