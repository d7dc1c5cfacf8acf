/** The heading of a section, with a link to itself that can be passed on. */
import { html, type Markup } from "./markup.ts";

export function headingOf(id: string, title: string): Markup {
  return html`<h2>${title} <a class="anchor" href="#${id}" aria-label="Link to: ${title}">#</a></h2>`;
}
