/** The growth of a run in words and figures, the same on the page, in the terminal and in Markdown. */
import {
  axisNames,
  type Conditions,
  conditionKey,
  conditionWords,
  defaultConditions,
  several,
} from "../history/conditions.ts";
import type { CostModel } from "../metrics/forecast.ts";
import { type GrowingFigure, growingFigures, type Term } from "../metrics/growing-figures.ts";

/** The numbers of candidates whose forecasts are shown in tables. */
export const FORECAST_NUMBERS = [100_000, 1_000_000] as const;

/** What a person who reads a forecast has to know. */
export const FORETOLD =
  "FORETOLD, not measured: the costs that were fitted to the measured numbers, as if nothing met a limit, neither " +
  "memory nor processors nor the network";

export function figureOf({ measure }: Pick<CostModel, "measure">): GrowingFigure {
  return growingFigures[measure];
}

/** "bytes answered, while all join" */
export function titleOf(model: Pick<CostModel, "measure">): string {
  const { title, of } = figureOf(model);
  return `${title}, ${of}`;
}

/** The conditions in which models differ, of one of them; empty if they are alike. */
export function differingConditions(models: readonly CostModel[]): (model: CostModel) => string {
  const told = axisNames.filter((name) => several(models, name));
  return (model) => conditionWords(conditionsOfModel(model), told).join(", ");
}

/** Equal for models under the same conditions. */
export function modelKey(model: CostModel): string {
  return conditionKey(conditionsOfModel(model));
}

/** A model does not have those that grow. */
export function conditionsOfModel(model: CostModel): Conditions {
  return { ...defaultConditions, ...model };
}

/** How far a model was off at worst where it had not seen the measurement, as a share; `null` without one. */
export function worstMiss({ heldOut }: CostModel): number | null {
  return heldOut.length === 0 ? null : Math.max(...heldOut.map((one) => Math.abs(missOf(one))));
}

/** A model misses by no more if it is to be trusted. */
export const TRUSTED_MISS = 0.2;

const termTexts: Readonly<Record<Term, string>> = {
  once: "",
  perCandidate: " × N",
  perOther: " × (N − 1)",
  perPeer: " × N × others at a time",
  perPair: " × N (N − 1)",
  perTriple: " × N (N − 1) (N − 2)",
  perRequest: " × requests per second",
};

/** "1.6 ms + 1.1 µs × N" */
export function costsText(model: CostModel): string {
  const { unit } = figureOf(model);
  const of = unit === "ms/s" ? "ms" : unit;
  const parts = Object.entries(model.costs) as [Term, number][];
  return parts.map(([term, cost]) => `${quantity(cost, of)}${termTexts[term]}`).join(" + ");
}

const steps = {
  ms: [
    [1e-6, "ns"],
    [1e-3, "µs"],
    [1, "ms"],
    [1e3, "s"],
    [60e3, "min"],
    [3600e3, "h"],
    [86_400e3, "days"],
    [365.25 * 86_400e3, "years"],
  ],
  bytes: [
    [1, "B"],
    [1e3, "kB"],
    [1e6, "MB"],
    [1e9, "GB"],
    [1e12, "TB"],
    [1e15, "PB"],
  ],
  count: [
    [1, ""],
    [1e6, "million"],
    [1e9, "billion"],
  ],
  "ms/s": [[1000, "cores"]],
} as const satisfies Readonly<Record<GrowingFigure["unit"], readonly (readonly [number, string])[]>>;

/** A figure with two or three digits, in the unit that suits its size. */
export function quantity(value: number, unit: GrowingFigure["unit"]): string {
  if (unit === "ms/s" && value < 1000) return `${digits(value / 10)} %`;
  const scales: readonly (readonly [number, string])[] = steps[unit];
  const [size, name] = scales.findLast(([one]) => value >= one) ?? scales[0] ?? [1, ""];
  const text = digits(value / size);
  return name === "" ? text : `${text} ${name}`;
}

/** A sentence for each scheme that was measured with fewer candidates than others: what more would cost. */
export function cappedTexts(models: readonly CostModel[]): string[] {
  const answered = models.filter(({ measure }) => measure === "responseBytes");
  const conditionsOf = differingConditions(answered);
  const farthestOf = ({ points }: CostModel) => Math.max(...points.map(({ candidates }) => candidates));
  const most = Math.max(0, ...answered.map(farthestOf));
  return answered.flatMap((model) => {
    const farthest = farthestOf(model);
    const next = model.forecasts.find(({ candidates }) => candidates > farthest && candidates <= most);
    if (next === undefined) return [];
    const who = [model.scheme, conditionsOf(model)].filter((part) => part !== "").join(", ");
    const text = (candidates: number) => candidates.toLocaleString("en");
    return (
      `${who}: measured with at most ${text(farthest)} candidates; with ${text(next.candidates)} the servers would ` +
      `answer ${quantity(next.foretold, "bytes")} in each failover (foretold)`
    );
  });
}

type HeldOut = CostModel["heldOut"][number];

/** "foretold 4.2 ms, measured 4.0 ms: +5 %" */
export function heldOutText(heldOut: HeldOut, model: CostModel): string {
  const { unit } = figureOf(model);
  const { foretold, measured } = heldOut;
  return `foretold ${quantity(foretold, unit)}, measured ${quantity(measured, unit)}: ${missText(heldOut)}`;
}

export function missText(heldOut: HeldOut): string {
  const share = missOf(heldOut);
  return `${share < 0 ? "−" : "+"}${percent(Math.abs(share))}`;
}

/** How far off a model was, as a share of what was measured. */
export function missOf({ foretold, measured }: HeldOut): number {
  return foretold / measured - 1;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}

/** "4.2 ms [3.9 ms, 4.6 ms]" */
export function forecastText(
  { foretold, interval }: CostModel["forecasts"][number],
  model: CostModel,
): string {
  const { unit } = figureOf(model);
  const [low, high] = interval;
  return `${quantity(foretold, unit)} [${quantity(low, unit)}, ${quantity(high, unit)}]`;
}

function digits(value: number): string {
  if (value >= 1e6) return value.toExponential(1).replace("e+", " × 10^");
  if (value >= 99.5) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(value >= 9.95 ? 3 : 2)));
}
