/**
 * What a page shows, as the fragment of its address: a link to it shows the same. Runs and pairs count from 1
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
}

export interface ChainPlace {
  /** The index of the conditions under which the schemes are shown. */
  readonly pair: number;
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
        return `timeline=${failoverText(place, place.failover)}${at}`;
      }
      case "chain":
        return `chain=${place.pair + 1}.${place.step}`;
      default:
        return of satisfies never;
    }
  });
  return parts.length === 0 ? "" : `#${parts.join("&")}`;
}

/** The places that a fragment names; whatever names none is ignored. */
export function placesIn(fragment: string): Place[] {
  const parameters = new URLSearchParams(fragment.replace(/^#/, ""));
  return [...parameters].flatMap(([name, value]): Place[] => {
    if (name === "timeline") {
      const place = timelinePlace(value, parameters.get("at"));
      return place === null ? [] : [{ of: "timeline", place }];
    }
    if (name !== "chain") return [];
    const [pair = "", step] = value.split(".");
    const known = stepNames.find((one) => one === step);
    const number = numberIn(pair);
    return known === undefined || number === null || number < 1
      ? []
      : [{ of: "chain", place: { pair: number - 1, step: known } }];
  });
}

function timelinePlace(value: string, moment: string | null): TimelinePlace | null {
  const [run = 0, trial, failover = null] = value.split(".").map(Number);
  if (!/^\d+\.\d+(\.\d+)?$/.test(value) || run < 1 || trial === undefined) return null;
  return { run: run - 1, trial, failover, at: moment === null ? null : numberIn(moment) };
}

function numberIn(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
