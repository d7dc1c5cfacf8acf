/**
 * A run that compares implementations, in one table: a row for each, with its medians under each fault, its
 * herd, what it left behind, and its verdicts.
 */
import { mean } from "simple-statistics";
import { type CheckerName, checkerNames } from "../checkers/checkers.ts";
import { count, milliseconds } from "./figure-text.ts";
import type { TrialResult } from "./result.ts";

export interface ImplementationColumn {
  readonly title: string;
  /** @param own the trials of one implementation */
  text(own: readonly TrialResult[]): string;
}

const NONE = "–";

/** Medians, the herd under the first fault, and what old leaders could do; then the verdicts. */
export function implementationColumns(trials: readonly TrialResult[]): ImplementationColumn[] {
  const cases = casesOf(trials);
  const first = cases.filter(({ fault }) => fault === cases[0]?.fault);
  return [
    ...cases.map((one) => ({
      title: `${one.fault}, N = ${one.candidates}`,
      text: figureText(one, ({ summary }) => summary.failoverMs?.p50, milliseconds),
    })),
    ...first.flatMap((one) => [
      {
        title: `woken, N = ${one.candidates}`,
        text: figureText(one, ({ summary }) => summary.notificationsPerFailover, count),
      },
      {
        title: `lists read, N = ${one.candidates}`,
        text: figureText(one, ({ summary }) => summary.readsPerFailover, count),
      },
      { title: `bytes answered, N = ${one.candidates}`, text: figureText(one, bytesPerFailover, count) },
    ]),
    {
      title: "old leader beside its successor",
      text: (own) => own.flatMap(overlapText).join("; ") || NONE,
    },
    { title: "verdicts", text: (own) => own.flatMap(spoilt).join("; ") || "all valid" },
  ];
}

/** What an implementation's trials have in common with those of the others. */
interface Case {
  readonly fault: string;
  readonly candidates: number;
}

export function casesOf(trials: readonly TrialResult[]): Case[] {
  const cases = new Map(
    trials.map(({ fault, candidates }) => [`${fault} ${candidates}`, { fault, candidates }]),
  );
  return [...cases.values()];
}

export function isOf({ fault, candidates }: Case, trial: TrialResult): boolean {
  return trial.fault === fault && trial.candidates === candidates;
}

function figureText(
  one: Case,
  read: (trial: TrialResult) => number | null | undefined,
  format: (value: number) => string,
): ImplementationColumn["text"] {
  return (own) => {
    const trial = own.find((trial) => isOf(one, trial));
    const value = trial && read(trial);
    return value === null || value === undefined ? NONE : format(value);
  };
}

/** The mean of the bytes of replies and notifications, heartbeats left out; `null` if they are not known. */
function bytesPerFailover({ failovers }: TrialResult): number | null {
  const bytes = failovers.flatMap(({ server }) => {
    const { responseBytes = null, watchBytes = null } = server ?? {};
    return responseBytes === null || watchBytes === null ? [] : responseBytes + watchBytes;
  });
  return bytes.length === 0 ? null : mean(bytes);
}

/** The longest time that an old leader believed that it led beside its successor, and could act. */
function overlapText({ fault, summary: { overlapMs, unsafeMs } }: TrialResult): string[] {
  if (overlapMs === null || overlapMs.max === 0) return [];
  const safe = unsafeMs === null ? "" : `, unsafe ${milliseconds(unsafeMs.max)}`;
  return [`${fault}: ${milliseconds(overlapMs.max)}${safe}`];
}

function spoilt({ fault, state, verdicts }: TrialResult): string[] {
  const wrong = (checkerNames as readonly CheckerName[]).flatMap((name) => {
    const { valid } = verdicts[name];
    return valid === true ? [] : `${name} ${valid === false ? "FALSE" : valid}`;
  });
  const words = [...(state === "completed" ? [] : [state]), ...wrong];
  return words.length === 0 ? [] : [`${fault}: ${words.join(", ")}`];
}
