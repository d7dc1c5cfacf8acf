/** Parameters of faults: what they are, and how their values read. */
import { msOf, parseSpan, type Span, spanText } from "./span.ts";
import type { Timing } from "./timing.ts";

/** A length of time, or a percentage. */
export type Value = Span | number;

export interface Parameter<V extends Value = Value> {
  /** The end of a sentence. */
  readonly meaning: string;
  readonly default: V;
  readonly moreThan: V;
  readonly atMost: V;
  /** The reason for these limits, as the end of a sentence. */
  readonly because: string;
  /** An option that sets it, in milliseconds, in all faults whose parameters name that option. */
  readonly option?: "freeze-for";
}

export type Parameters = Readonly<Record<string, Parameter<Span> | Parameter<number>>>;
export type Settings = Readonly<Record<string, Value>>;

/** As it is typed, and in the one form that it has in a name. */
export function textOf(value: Value): string {
  return typeof value === "number" ? `${value}%` : spanText(value);
}

export function parseValue(parameter: Parameter, text: string): Value | undefined {
  if (typeof parameter.default !== "number") return parseSpan(text);
  return /^\d{1,3}%$/.test(text) ? Number.parseInt(text, 10) : undefined;
}

export function formOf(parameter: Parameter): string {
  return typeof parameter.default === "number"
    ? `a whole percentage: ${exampleOf(parameter)}`
    : `a time: 500ms, 2s, or ${exampleOf(parameter)}, with T for the session timeout`;
}

export function exampleOf({ default: value }: Parameter): string {
  return typeof value === "number" ? textOf(value) : spanText({ timeouts: value.timeouts ?? 1 });
}

export function amountOf(value: Value, timing: Timing): number {
  return typeof value === "number" ? value : msOf(value, timing);
}

/** "4200 ms (T + tick)" */
export function limitText(value: Value, timing: Timing): string {
  if (typeof value === "number") return textOf(value);
  const relative = value.timeouts === undefined && value.ticks === undefined;
  return `${Math.round(msOf(value, timing))} ms${relative ? "" : ` (${spanText(value)})`}`;
}
