/** Embeds data and scripts in the page, so that nothing in them can end their element early. */
import { createHash } from "node:crypto";
import { html, Markup } from "./markup.ts";

/** JSON that a script of the page finds by its id. */
export function embeddedData(id: string, data: unknown): Markup {
  // In JSON "<" occurs only in strings.
  const text = new Markup(JSON.stringify(data).replaceAll("<", "\\u003c"));
  return html`<script type="application/json" id="${id}">${text}</script>`;
}

export interface EmbeddedScript {
  readonly markup: Markup;
  /** The source that the page's policy has to permit. */
  readonly source: string;
}

export function embeddedScript(code: string): EmbeddedScript {
  // In a string or a regular expression the backslash changes nothing; elsewhere code has no such text.
  const text = code.replaceAll(/<(?=\/script|!--)/gi, "<\\").replaceAll("\r\n", "\n");
  const hash = createHash("sha256").update(text).digest("base64");
  return { markup: html`<script>${new Markup(text)}</script>`, source: `'sha256-${hash}'` };
}
