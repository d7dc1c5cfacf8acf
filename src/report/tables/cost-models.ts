/** How every figure grows, how well that was foretold, and what it foretells. */
import {
  costsText,
  differingConditions,
  FORECAST_NUMBERS,
  figureOf,
  forecastText,
  missOf,
  missText,
  percent,
  quantity,
  TRUSTED_MISS,
  titleOf,
  worstMiss,
} from "../../export/growth-text.ts";
import type { CostModel } from "../../metrics/forecast.ts";
import {
  type GrowingFigure,
  type GrowingFigureName,
  growingFigureNames,
} from "../../metrics/growing-figures.ts";
import { html, type Markup } from "../markup.ts";
import type { ReportRun } from "../report-run.ts";
import { type Column, cardTable, folded } from "../table.ts";
import { count, exponent, interval } from "../wording.ts";

interface Row {
  readonly run: string;
  readonly model: CostModel;
}

/** A figure of all runs: its models, one for each scheme and set of conditions. */
export interface FigureModels {
  readonly measure: GrowingFigureName;
  readonly title: string;
  readonly rows: readonly Row[];
}

/** None if no run had enough numbers of candidates. */
export function figureModels(runs: readonly ReportRun[]): FigureModels[] {
  const rows = runs.flatMap(({ name, result }) =>
    (result.analysis.models ?? []).map((model): Row => ({ run: name, model })),
  );
  return growingFigureNames.flatMap((measure) => {
    const some = rows.filter(({ model }) => model.measure === measure);
    const [first] = some;
    return first === undefined ? [] : { measure, title: titleOf(first.model), rows: some };
  });
}

/** What the figure is foretold to be; folded, how it grows and how well that was foretold. */
export function costModelTables({ title, rows }: FigureModels): Markup {
  const conditionsOf = differingConditions(rows.map(({ model }) => model));
  const named: readonly Column<Row>[] = [
    ...(new Set(rows.map(({ run }) => run)).size > 1 ? [{ title: "run", cell: ({ run }: Row) => run }] : []),
    {
      title: "scheme",
      is: "long",
      cell: ({ model }) => [model.scheme, conditionsOf(model)].filter((part) => part !== "").join(", "),
    },
  ];
  const foretells = cardTable(
    `Foretold: ${title}`,
    [...named, ...forecastColumns],
    [{ title: "Foretold, not measured", rows }],
  );
  const grows = cardTable(
    `How it grows: ${title}`,
    [...named, ...growthColumns],
    [{ title: "How it grows", rows }],
  );
  return html`${foretells}
${folded("How it grows, what it consists of, and how well that foretold what was left out", grows)}`;
}

const growthColumns: readonly Column<Row>[] = [
  { title: "N to the power", is: "figure", cell: ({ model }) => exponent(model.exponent) },
  {
    title: "95 % interval",
    is: "figure",
    cell: ({ model }) => interval(model.exponentInterval, exponent),
  },
  { title: "consists of", is: "long", cell: ({ model }) => costsText(model) },
  heldOutColumn("left out, N =", ({ candidates }) => count(candidates)),
  heldOutColumn("foretold", ({ foretold }, { unit }) => quantity(foretold, unit)),
  heldOutColumn("measured", ({ measured }, { unit }) => quantity(measured, unit)),
  heldOutColumn("off by", (one) => {
    const text = missText(one);
    return Math.abs(missOf(one)) > TRUSTED_MISS ? html`<span class="warn">${text}</span>` : text;
  }),
];

/** A line in the cell for each N that was left out. */
function heldOutColumn(
  title: string,
  text: (heldOut: CostModel["heldOut"][number], figure: GrowingFigure) => Markup | string,
): Column<Row> {
  return {
    title,
    is: "figure",
    cell: ({ model }) =>
      html`${model.heldOut.map((one, index) => html`${index === 0 ? null : html`<br>`}${text(one, figureOf(model))}`)}`,
  };
}

const forecastColumns: readonly Column<Row>[] = [
  ...FORECAST_NUMBERS.map(
    (candidates): Column<Row> => ({
      title: `N = ${count(candidates)}, foretold`,
      is: "figure",
      cell: ({ model }) => {
        const found = model.forecasts.find((one) => one.candidates === candidates);
        return found === undefined ? "–" : forecastText(found, model);
      },
    }),
  ),
  {
    title: "has missed by",
    is: "figure",
    cell: ({ model }) => {
      const miss = worstMiss(model);
      if (miss === null) return "–";
      return miss > TRUSTED_MISS ? html`<span class="warn">${percent(miss)}</span>` : percent(miss);
    },
  },
];
