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
  return html`<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table>
<thead><tr>${columns.map((column) => html`<th scope="col" class="${of(column)}">${column.title}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => tr(columns, row))}</tbody>
</table></div>`;
}

/**
 * Its rows are cards on a narrow screen, with the title of its column before each value. A browser takes cards
 * for no table, so the roles say that it still is one.
 */
export function cardTable<Row>(
  name: string,
  columns: readonly Column<Row>[],
  groups: readonly RowGroup<Row>[],
): Markup {
  const bodies = groups.map(
    ({ title, rows }) => html`<tbody role="rowgroup">
<tr role="row"><th role="rowheader" scope="rowgroup" colspan="${columns.length}" class="group">${title}</th></tr>
${rows.map((row) => card(columns, row))}</tbody>`,
  );
  const heads = columns.map(
    (column) => html`<th role="columnheader" scope="col" class="${of(column)}">${column.title}</th>`,
  );
  return html`<div class="scroll cards" role="region" aria-label="${name}" tabindex="0"><table role="table">
<thead role="rowgroup"><tr role="row">${heads}</tr></thead>
${bodies}
</table></div>`;
}

function card<Row>(columns: readonly Column<Row>[], row: Row): Markup {
  const cells = columns.map(
    (column) =>
      html`<td role="cell" class="${of(column)}" data-title="${column.title}">${column.cell(row)}</td>`,
  );
  return html`<tr role="row">${cells}</tr>\n`;
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
