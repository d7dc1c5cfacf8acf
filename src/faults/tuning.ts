/**
 * Parameters of faults, as data in each fault's own file. The values that a fault was given are in its name, as
 * in `partition:for=3T`: so it is a condition of its own wherever faults are compared, and whoever has the name
 * has the fault.
 */
import type { Fault } from "./fault.ts";
import {
  amountOf,
  exampleOf,
  formOf,
  limitText,
  type Parameter,
  type Parameters,
  parseValue,
  type Settings,
  textOf,
  type Value,
} from "./parameter.ts";
import type { Span } from "./span.ts";
import type { Timing } from "./timing.ts";

type SettingsOf<P extends Parameters> = {
  readonly [Key in keyof P]: P[Key]["default"] extends number ? number : Span;
};

/** @param make makes the fault from the values of all its parameters */
export function tunable<P extends Parameters>(parameters: P, make: (values: SettingsOf<P>) => Fault): Fault {
  const defaults = Object.entries(parameters).map(([key, parameter]) => [key, parameter.default]);
  const tuned = (given: Settings, assumed: Settings): Fault => {
    const values = { ...Object.fromEntries(defaults), ...assumed, ...given };
    const fault = make(values as SettingsOf<P>);
    const settings = Object.keys(parameters).flatMap((key) => {
      const value = given[key];
      return value === undefined ? [] : `${key}=${textOf(value)}`;
    });
    return {
      ...fault,
      name: [fault.name, ...settings].join(":"),
      tuning: {
        ...{ parameters, given, assumed },
        give: (settings) => tuned({ ...given, ...settings }, assumed),
        assume: (settings) => tuned(given, { ...assumed, ...settings }),
      },
    };
  };
  return tuned({}, {});
}

/** What is wrong with a text, as the end of a sentence. */
export interface Problem {
  readonly problem: string;
}

/** A fault with the settings of texts such as `for=2T`. A default that is given is left out of its name. */
export function withSettings(fault: Fault, texts: readonly string[]): Fault | Problem {
  if (texts.length === 0) return fault;
  const { name, tuning } = fault;
  if (tuning === undefined) return { problem: `${name} has no parameters; leave them out` };
  const settings = new Map<string, Value>();
  for (const text of texts) {
    const [, key = text, typed = ""] = /^([^=]*)=(.*)$/.exec(text) ?? [];
    const parameter = Object.hasOwn(tuning.parameters, key) ? tuning.parameters[key] : undefined;
    if (parameter === undefined) {
      const known = Object.entries(tuning.parameters).map(([known, one]) => `${known}=${exampleOf(one)}`);
      return { problem: `${name} has no parameter '${key}'; write it like ${name}:${known.join(":")}` };
    }
    if (settings.has(key)) return { problem: `${key} is given twice; leave one out` };
    const value = parseValue(parameter, typed);
    if (value === undefined) return { problem: `give ${key} as ${formOf(parameter)}` };
    settings.set(key, value);
  }
  const unusual = [...settings].filter(([key, value]) => {
    const standard = tuning.parameters[key]?.default;
    return standard === undefined || textOf(value) !== textOf(standard);
  });
  return unusual.length === 0 ? fault : tuning.give(Object.fromEntries(unusual));
}

/** A value that a fault cannot have in a trial. */
interface Refused {
  /** The option that set it, if the fault's name does not say it. */
  readonly option: Parameter["option"];
  readonly ms: number;
  /** The end of a sentence. */
  readonly reason: string;
}

/** The first value that is out of its range in a trial with this timing. */
export function refusedIn({ tuning }: Fault, timing: Timing): Refused | undefined {
  if (tuning === undefined) return undefined;
  for (const [key, value] of Object.entries({ ...tuning.assumed, ...tuning.given })) {
    const parameter = tuning.parameters[key];
    if (parameter === undefined) continue;
    const { moreThan, atMost, because } = parameter;
    const amount = amountOf(value, timing);
    if (amount > amountOf(moreThan, timing) && amount <= amountOf(atMost, timing)) continue;
    const range = `give more than ${limitText(moreThan, timing)} and at most ${limitText(atMost, timing)}`;
    const option = key in tuning.given ? undefined : parameter.option;
    return { option, ms: amount, reason: `${range}: ${because}` };
  }
  return undefined;
}

/** The fault with a value for its parameter of that option; the name does not say it. */
export function withOption(fault: Fault, option: NonNullable<Parameter["option"]>, ms: number): Fault {
  const { tuning } = fault;
  if (tuning === undefined) return fault;
  const own = Object.entries(tuning.parameters).filter(([, parameter]) => parameter.option === option);
  return own.length === 0 ? fault : tuning.assume(Object.fromEntries(own.map(([key]) => [key, { ms }])));
}

/** The parameters of a fault, with a line about each, for lists of faults. */
export function parameterLines({ tuning }: Fault): (readonly [name: string, meaning: string])[] {
  return Object.entries(tuning?.parameters ?? {}).map(([key, { meaning, default: standard }]) => [
    `  :${key}=`,
    `${meaning}; ${textOf(standard)} by default`,
  ]);
}
