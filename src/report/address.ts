/**
 * What a page shows, as the fragment of its address: a link to it shows the same. Runs and groups count from 1
 * in it, as they do for a reader: `timeline=1.2.5&chain=1.leads`. What somebody looked at last comes first.
 */
import { type StepName, stepNames } from "./chain/chain-steps.ts";

export interface TrialPlace {
  /** The index of its run. */
  readonly run: number;
  /** The history's number of it. */
  readonly trial: number;
}

export interface TimelinePlace extends TrialPlace {
  /** `null`: the whole trial. */
  readonly failover: number | null;
  /** A moment to mark, in nanoseconds since the run's origin. */
  readonly at: number | null;
  /** The trial below it; `null` for none, and if it is not said the one that differs most. */
  readonly beside?: TrialPlace | null;
}

export interface ChainPlace {
  /** The index of the conditions under which the schemes are shown. */
  readonly group: number;
  readonly step: StepName;
}

export type Place =
  | { readonly of: "timeline"; readonly place: TimelinePlace }
  | { readonly of: "chain"; readonly place: ChainPlace };

/** "1.2.5": the run, the trial, the failover. */
export function failoverText({ run, trial }: TrialPlace, failover: number | null): string {
  return `${run + 1}.${trial}${failover === null ? "" : `.${failover}`}`;
}

/** The fragment that shows a failover. */
export function failoverIn({ run, trial }: TrialPlace, failover: number): string {
  return fragmentOf([{ of: "timeline", place: { run, trial, failover, at: null } }]);
}

/** The fragment that shows a moment, whichever failover it belongs to. */
export function momentIn({ run, trial }: TrialPlace, at: number): string {
  return fragmentOf([{ of: "timeline", place: { run, trial, failover: null, at } }]);
}

/** The fragment with its "#"; empty if there is no place. */
export function fragmentOf(places: readonly Place[]): string {
  const parts = places.map(({ of, place }) => {
    switch (of) {
      case "timeline": {
        const at = place.at === null ? "" : `&at=${place.at}`;
        return `timeline=${failoverText(place, place.failover)}${at}${besideText(place)}`;
      }
      case "chain":
        return `chain=${place.group + 1}.${place.step}`;
      default:
        return of satisfies never;
    }
  });
  return parts.length === 0 ? "" : `#${parts.join("&")}`;
}

function besideText({ beside }: TimelinePlace): string {
  return beside === undefined ? "" : `&with=${beside === null ? "none" : failoverText(beside, null)}`;
}

/** The places that a fragment names; whatever names none is ignored. */
export function placesIn(fragment: string): Place[] {
  const parameters = new URLSearchParams(fragment.replace(/^#/, ""));
  return [...parameters].flatMap(([name, value]): Place[] => {
    if (name === "timeline") {
      const place = timelinePlace(value, parameters);
      return place === null ? [] : [{ of: "timeline", place }];
    }
    if (name !== "chain") return [];
    const [number = "", title] = value.split(".");
    const [group] = numbersIn(number);
    const step = stepNames.find((one) => one === title);
    return group === undefined || group < 1 || step === undefined
      ? []
      : [{ of: "chain", place: { group: group - 1, step } }];
  });
}

function timelinePlace(value: string, parameters: URLSearchParams): TimelinePlace | null {
  const numbers = numbersIn(value);
  const [run, trial, failover = null] = numbers;
  if (run === undefined || run < 1 || trial === undefined || numbers.length > 3) return null;
  const [at = null] = numbersIn(parameters.get("at") ?? "");
  const below = parameters.get("with") ?? "";
  const [otherRun, otherTrial] = numbersIn(below);
  const isNamed = otherRun !== undefined && otherTrial !== undefined;
  const beside = isNamed ? { run: otherRun - 1, trial: otherTrial } : below === "none" ? null : undefined;
  return { run: run - 1, trial, failover, at, ...(beside !== undefined && { beside }) };
}

/** Those between points, as in "1.2.5"; none if there is anything else. */
function numbersIn(text: string): number[] {
  return /^\d{1,15}(\.\d{1,9})*$/.test(text) ? text.split(".").map(Number) : [];
}
