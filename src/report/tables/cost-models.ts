/** How every figure grows, how well that was foretold, and what it foretells. */
import {
  costsText,
  differingConditions,
  FORETOLD,
  forecastText,
  heldOutText,
  percent,
  TRUSTED_MISS,
  titleOf,
  worstMiss,
} from "../../export/growth-text.ts";
import type { CostModel } from "../../metrics/forecast.ts";
import { groupsOf } from "../../metrics/groups.ts";
import { html, type Markup } from "../markup.ts";
import type { ReportRun } from "../report-run.ts";
import { type Column, cardTable } from "../table.ts";
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
    { title: "scheme", cell: ({ model }) => model.scheme },
    ...(models.every((model) => conditionsOf(model) === "")
      ? []
      : [{ title: "with", cell: ({ model }: Row) => conditionsOf(model) }]),
  ];
  const groups = groupsOf(rows, ({ model }) => model.measure).flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ title: titleOf(first.model), rows: group }];
  });
  return html`<h3>How each figure grows</h3>
<p class="about">About like N to the power, with its 95 % interval: 0 is no growth, 1 in proportion, 2 like the square. Beside it what it consists of, as far as the measurements show it. Each of the two largest N was left out in turn, and foretold from all others: a model that misses by more than ${percent(TRUSTED_MISS)} says little of larger numbers.</p>
${cardTable("How each figure grows", [...named, ...growthColumns], groups)}
<h3>Many more candidates: foretold</h3>
<p class="about">${FORETOLD}. In brackets the 95 % interval, if the model is right.</p>
${cardTable("Foretold, not measured", [...named, ...forecastColumns(models)], groups)}`;
}

const growthColumns: readonly Column<Row>[] = [
  { title: "N to the power", is: "figure", cell: ({ model }) => exponent(model.exponent) },
  {
    title: "95 % interval",
    is: "figure",
    cell: ({ model }) => interval(model.exponentInterval, exponent),
  },
  { title: "consists of", is: "long", cell: ({ model }) => costsText(model) },
  {
    title: "left out",
    is: "long",
    cell: ({ model }) =>
      html`${model.heldOut.map(
        (one) => html`<span class="watches">N = ${count(one.candidates)}: ${heldOutText(one, model)}</span>`,
      )}`,
  },
];

function forecastColumns(models: readonly CostModel[]): readonly Column<Row>[] {
  const numbers = models.flatMap(({ forecasts }) => forecasts.map(({ candidates }) => candidates));
  return [
    ...[...new Set(numbers)].map(
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
}
