/** A table in a box that scrolls sideways, so that the page itself never does. */
import { html, type Markup } from "./markup.ts";

export interface Column<Row> {
  readonly title: string;
  /** Figures are right-aligned, one under the other; long texts may break. */
  readonly is?: "figure" | "long";
  cell(row: Row): string | Markup;
}

export function table<Row>(name: string, columns: readonly Column<Row>[], rows: readonly Row[]): Markup {
  const of = (column: Column<Row>) => column.is ?? "text";
  return html`<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table>
<thead><tr>${columns.map((column) => html`<th scope="col" class="${of(column)}">${column.title}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${columns.map((column) => html`<td class="${of(column)}">${column.cell(row)}</td>`)}</tr>\n`)}</tbody>
</table></div>`;
}

/** Content behind a line that opens it. */
export function folded(title: string, content: Markup): Markup {
  return html`<details><summary>${title}</summary>${content}</details>`;
}
