/** How every figure grows, how well that was foretold, and what it foretells. */
import {
  cappedTexts,
  costsText,
  differingConditions,
  FORECAST_NUMBERS,
  FORETOLD,
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
import { groupsOf } from "../../metrics/groups.ts";
import type { GrowingFigure } from "../../metrics/growing-figures.ts";
import { html, type Markup } from "../markup.ts";
import type { ReportRun } from "../report-run.ts";
import { type Column, cardTable, folded } from "../table.ts";
import { count, exponent, interval } from "../wording.ts";

interface Row {
  readonly run: string;
  readonly model: CostModel;
}

/** `null` if no run had enough numbers of candidates. */
export function costModelTables(runs: readonly ReportRun[]): Markup | null {
  const rows = runs.flatMap(({ name, result }) =>
    (result.analysis.models ?? []).map((model): Row => ({ run: name, model })),
  );
  if (rows.length === 0) return null;
  const models = rows.map(({ model }) => model);
  const conditionsOf = differingConditions(models);
  const named: readonly Column<Row>[] = [
    ...(runs.length > 1 ? [{ title: "run", cell: ({ run }: Row) => run }] : []),
    {
      title: "scheme",
      is: "long",
      cell: ({ model }) => [model.scheme, conditionsOf(model)].filter((part) => part !== "").join(", "),
    },
  ];
  const groups = groupsOf(rows, ({ model }) => model.measure).flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ title: titleOf(first.model), rows: group }];
  });
  const main = groups.filter(({ rows: [first] }) => first !== undefined && isMain(first.model));
  const others = groups.filter((group) => !main.includes(group));
  const growth = [...named, ...growthColumns];
  const forecast = [...named, ...forecastColumns];
  const capped = cappedTexts(models);
  return html`<h3>How each figure grows</h3>
<p class="about">About like N to the power, with its 95 % interval: 0 is no growth, 1 in proportion, 2 like the square. Beside it what it consists of, as far as the measurements show it. Each of the two largest N was left out in turn, and foretold from all others: a model that misses by more than ${percent(TRUSTED_MISS)} says little of larger numbers.</p>
${folded("How the main figures grow", cardTable("How the main figures grow", growth, main))}
${folded("How all other figures grow", cardTable("How all other figures grow", growth, others))}
<h3>Many more candidates: foretold</h3>
<p class="about">${FORETOLD}. In brackets the 95 % interval, if the model is right.</p>
${capped.length === 0 ? null : html`<ul class="remarks">${capped.map((line) => html`<li>${line}</li>`)}</ul>`}
${cardTable("Main figures, foretold and not measured", forecast, main)}
${folded("All other figures, foretold", cardTable("Other figures, foretold and not measured", forecast, others))}`;
}

function isMain({ measure }: CostModel): boolean {
  return (["failoverMs", "responseBytes", "joinBytes", "idleServerCpu", "heapBytes"] as const).some(
    (main) => main === measure,
  );
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
      is: "long",
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
