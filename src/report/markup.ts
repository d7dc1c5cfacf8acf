/** HTML as text in which everything from outside is escaped, as its type shows. */
import { htmlEscape } from "escape-goat";

/** Text that is already HTML. Only {@link html} makes it, and code that embeds one of our files. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | readonly Part[] | null | undefined;

/** A template: values are escaped unless they are markup themselves; lists are joined, `null` is empty. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.map((text, index) => text + textOf(parts[index])).join(""));
}

function textOf(part: Part): string {
  if (part === null || part === undefined) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "string" || typeof part === "number") return htmlEscape(String(part));
  return part.map(textOf).join("");
}
