/** A table in a box that scrolls sideways, so that the page itself never does. */
import { html, type Markup } from "./markup.ts";

export interface Column<Row> {
  readonly title: string;
  /** Figures are right-aligned, one under the other; long texts may break. */
  readonly is?: "figure" | "long";
  cell(row: Row): string | Markup;
}

/** Rows that belong together, under a title. */
export interface RowGroup<Row> {
  readonly title: string;
  readonly rows: readonly Row[];
}

export function table<Row>(name: string, columns: readonly Column<Row>[], rows: readonly Row[]): Markup {
  return inBox(
    name,
    columns,
    html`<tbody>
${rows.map((row) => tr(columns, row))}</tbody>`,
  );
}

export function groupedTable<Row>(
  name: string,
  columns: readonly Column<Row>[],
  groups: readonly RowGroup<Row>[],
): Markup {
  const bodies = groups.map(
    ({ title, rows }) => html`<tbody>
<tr><th scope="rowgroup" colspan="${columns.length}" class="group">${title}</th></tr>
${rows.map((row) => tr(columns, row))}</tbody>`,
  );
  return inBox(name, columns, html`${bodies}`);
}

function inBox<Row>(name: string, columns: readonly Column<Row>[], bodies: Markup): Markup {
  return html`<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table>
<thead><tr>${columns.map((column) => html`<th scope="col" class="${of(column)}">${column.title}</th>`)}</tr></thead>
${bodies}
</table></div>`;
}

function tr<Row>(columns: readonly Column<Row>[], row: Row): Markup {
  return html`<tr>${columns.map((column) => html`<td class="${of(column)}">${column.cell(row)}</td>`)}</tr>\n`;
}

function of<Row>({ is }: Column<Row>): string {
  return is ?? "text";
}

/** Content behind a line that opens it. */
export function folded(title: string, content: Markup): Markup {
  return html`<details><summary>${title}</summary>${content}</details>`;
}
