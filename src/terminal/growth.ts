/** What the cost models of a run come to, in a short table: how the main figures grow, and a forecast. */
import {
  cappedTexts,
  differingConditions,
  FORECAST_NUMBERS,
  FORETOLD,
  figureOf,
  modelKey,
  percent,
  quantity,
  worstMiss,
} from "../export/growth-text.ts";
import type { Result } from "../export/result.ts";
import type { CostModel } from "../metrics/forecast.ts";
import { groupsOf } from "../metrics/groups.ts";
import type { GrowingFigureName } from "../metrics/growing-figures.ts";
import { type Paint, wrap } from "./format.ts";
import { type Column, tableOf } from "./table.ts";

const shown = {
  failoverMs: "failover",
  responseBytes: "answered",
  joinBytes: "to join",
  idleServerCpu: "at rest",
  heapBytes: "heap",
} as const satisfies Partial<Record<GrowingFigureName, string>>;

type Shown = keyof typeof shown;
const names = Object.keys(shown) as Shown[];

/** The models of a scheme under the same conditions. */
type Row = readonly CostModel[];

/** Parts of the summary, each without a newline at its end; none without models. */
export function growthSummary({ analysis }: Result, paint: Paint, width: number): string[] {
  const models = analysis.models ?? [];
  if (models.length === 0) return [];
  const conditionsOf = differingConditions(models);
  const rows = groupsOf(models, (model) => `${model.scheme} ${modelKey(model)}`);
  const titleOf = ([first]: Row) =>
    first === undefined ? "" : [first.scheme, conditionsOf(first)].filter((part) => part !== "").join(", ");
  const of = (row: Row, name: Shown) => row.find(({ measure }) => measure === name);
  const columnsOf = (cell: (model: CostModel) => string): Column<Row>[] =>
    names.map((name) => ({
      title: shown[name],
      align: "right",
      cell: (row) => {
        const model = of(row, name);
        return model === undefined ? "–" : cell(model);
      },
    }));
  const grows: Column<Row>[] = [
    { title: "grows like N^", align: "left", cell: titleOf },
    ...columnsOf(({ exponent }) => exponent.toFixed(2)),
  ];
  const [candidates] = FORECAST_NUMBERS;
  const foretells: Column<Row>[] = [
    { title: `N = ${candidates.toLocaleString("en")}, FORETOLD`, align: "left", cell: titleOf },
    ...columnsOf((model) => {
      const found = model.forecasts.find((one) => one.candidates === candidates);
      return found === undefined ? "–" : quantity(found.foretold, figureOf(model).unit);
    }),
  ];
  const misses = models.flatMap((model) => worstMiss(model) ?? []).sort((a, b) => a - b);
  const half = misses[Math.floor(misses.length / 2)];
  const trust =
    half === undefined
      ? ""
      : `; of numbers left out, half of the models missed by at most ${percent(half)}, the worst by ${percent(misses.at(-1) ?? half)}`;
  return [
    tableOf(grows, rows, paint, width),
    tableOf(foretells, rows, paint, width),
    ...cappedTexts(models).map((line) => wrap(line, width)),
    paint.dim(
      wrap(
        `answered: by the servers per failover; at rest: servers' processors, of a core; ${FORETOLD}${trust}; the report has intervals and the other figures`,
        width,
      ),
    ),
  ];
}
