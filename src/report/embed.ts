/** Embeds a script in the page, so that nothing in it can end its element early. */
import { createHash } from "node:crypto";
import { html, Markup } from "./markup.ts";

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
